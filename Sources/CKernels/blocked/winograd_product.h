// The products of one point: filters x channels by channels x tiles, some tiles and one or two wide
// registers of filters at a time, whose sums stay in registers.

// The most tiles, so that the sums, the weights and a coefficient fit the registers.
#if LANES == 16
#define TILES_1 14
#define TILES_2 14
#elif LANES == 8 || defined(__aarch64__)
#define TILES_1 12
#define TILES_2 6
#else
#define TILES_1 4
#define TILES_2 2
#endif

// NEON's 32 registers are all in use, and unrolling makes its compiler spill some.
#if defined(__aarch64__)
#define LANE_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define LANE_UNROLL _Pragma("clang loop unroll_count(4)")
#endif

/// - Parameters:
///   - next: words from a tile's coefficients to those of its next channels.
///   - depth: wide registers of channels.
///   - u: [words of channels][vectors * WIDE].
///   - other: floats from a sum to the one at the second register of filters.
///   - add: whether the sums so far stand in `m`.
INLINE void KERNEL(product)(
    const int vectors, const int tiles, const float *v, ptrdiff_t next, ptrdiff_t depth,
    const float *u, float *m, ptrdiff_t other, bool add) {
  vwide sum[TILES_1][2];
  UNROLL for (int p = 0; p < tiles; p++) {
    UNROLL for (int i = 0; i < vectors; i++) sum[p][i] = 0;
  }
  if (add) {
    UNROLL for (int p = 0; p < tiles; p++) {
      UNROLL for (int i = 0; i < vectors; i++) {
        sum[p][i] = KERNEL(load_wide)(m + i * other + p * WIDE);
      }
    }
  }
  for (ptrdiff_t d = 0; d < depth; d++, v += next) {
    LANE_UNROLL for (int c = 0; c < WIDE_WORDS; c++, u += vectors * WIDE) {
      vwide weight[2];
      UNROLL for (int i = 0; i < vectors; i++) weight[i] = KERNEL(load_wide)(u + i * WIDE);
      UNROLL for (int p = 0; p < tiles; p++) {
        vwide cell = (vwide)v[p * WIDE_WORDS + c];
        UNROLL for (int i = 0; i < vectors; i++) {
          sum[p][i] = KERNEL(wide_multiply_add)(sum[p][i], cell, weight[i]);
        }
      }
    }
  }
  UNROLL for (int p = 0; p < tiles; p++) {
    UNROLL for (int i = 0; i < vectors; i++) {
      KERNEL(store_wide)(m + i * other + p * WIDE, sum[p][i]);
    }
  }
}

// MARK: The products there are

#define product_function KERNEL(product_function)
typedef void (*product_function)(
    const float *v, ptrdiff_t next, ptrdiff_t depth, const float *u, float *m, ptrdiff_t other,
    bool add);

#define DEFINE(vectors, tiles)                                                                   \
  static void KERNEL(product_##vectors##x##tiles)(                                               \
      const float *v, ptrdiff_t next, ptrdiff_t depth, const float *u, float *m,                 \
      ptrdiff_t other, bool add) {                                                               \
    KERNEL(product)(vectors, tiles, v, next, depth, u, m, other, add);                           \
  }
#define ENTRY(vectors, tiles) [tiles] = KERNEL(product_##vectors##x##tiles),

#define UP_TO_2(X, vectors) X(vectors, 1) X(vectors, 2)
#define UP_TO_4(X, vectors) UP_TO_2(X, vectors) X(vectors, 3) X(vectors, 4)
#define UP_TO_6(X, vectors) UP_TO_4(X, vectors) X(vectors, 5) X(vectors, 6)
#define UP_TO_12(X, vectors)                                                                     \
  UP_TO_6(X, vectors) X(vectors, 7) X(vectors, 8) X(vectors, 9) X(vectors, 10) X(vectors, 11)    \
  X(vectors, 12)
#define UP_TO_14(X, vectors) UP_TO_12(X, vectors) X(vectors, 13) X(vectors, 14)
#define UP_TO_(X, vectors, tiles) UP_TO_##tiles(X, vectors)
#define UP_TO(X, vectors, tiles) UP_TO_(X, vectors, tiles)

UP_TO(DEFINE, 1, TILES_1)
UP_TO(DEFINE, 2, TILES_2)

static const product_function KERNEL(products)[][TILES_1 + 1] = {
  [1] = {UP_TO(ENTRY, 1, TILES_1)},
  [2] = {UP_TO(ENTRY, 2, TILES_2)}};

/// The products of `tiles` tiles, in parts of nearly equal size.
INLINE void KERNEL(multiply_point)(
    ptrdiff_t vectors, const float *v, ptrdiff_t next, ptrdiff_t depth, const float *u, float *m,
    ptrdiff_t tiles, bool add) {
  ptrdiff_t most = vectors == 1 ? TILES_1 : TILES_2, parts = (tiles + most - 1) / most;
  for (ptrdiff_t i = 0, first = 0; i < parts; i++) {
    ptrdiff_t end = tiles * (i + 1) / parts;
    KERNEL(products)[vectors][end - first](
        v + first * WIDE_WORDS, next, depth, u, m + first * WIDE, tiles * WIDE, add);
    first = end;
  }
}

#undef TILES_1
#undef TILES_2
#undef LANE_UNROLL
#undef product_function
#undef DEFINE
#undef ENTRY
#undef UP_TO_2
#undef UP_TO_4
#undef UP_TO_6
#undef UP_TO_12
#undef UP_TO_14
#undef UP_TO_
#undef UP_TO
