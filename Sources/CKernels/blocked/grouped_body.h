// The kernels of one tier for small groups.
//
// The rows that an output row sees are first copied with zeros around them into cells as wide as a
// register, for each channel of the group with the lanes that the filters read. So the sums need
// neither shuffles nor edges, and the copies of a few rows never leave the innermost cache.
//
// Where a register holds two blocks and there is only one, its halves hold two rows of it.

#include "lanes_body.h"

// MARK: Tiles

#if LANES == 16
#define EVERY_COUNT(X, ...) \
  X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(4, __VA_ARGS__) X(7, __VA_ARGS__) X(8, __VA_ARGS__) \
  X(10, __VA_ARGS__) X(13, __VA_ARGS__)
#elif LANES == 8
#define EVERY_COUNT(X, ...) \
  X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(4, __VA_ARGS__) X(7, __VA_ARGS__) X(8, __VA_ARGS__)
#else
#define EVERY_COUNT(X, ...) X(1, __VA_ARGS__) X(2, __VA_ARGS__) X(4, __VA_ARGS__)
#endif

/// The sums of `pixels` neighbours from `start` floats into the rows on.
///
/// - Parameter size: and `stride`, `dilation`: of the window. Where they are constants, each cell is
///   loaded once for all the sums it is part of.
INLINE void KERNEL(lane_tile)(
    const int pixels, const bool is_constant, const ptrdiff_t size, const ptrdiff_t stride,
    const ptrdiff_t dilation, const lane_window *w, ptrdiff_t start, float *lo, float *hi) {
  vwide sum[13];
  vwide bias = KERNEL(load_wide)(w->bias);
  UNROLL for (int p = 0; p < pixels; p++) sum[p] = bias;
  const float *weights = w->weights;
  for (ptrdiff_t ky = 0; ky < size; ky++) {
    const float *cells = w->rows[ky] + start;
    for (ptrdiff_t c = 0; c < w->depth; c++, cells += w->plane, weights += size * WIDE) {
      if (is_constant) {
        vwide weight[5];
        UNROLL for (int kx = 0; kx < size; kx++) weight[kx] = KERNEL(load_wide)(weights + kx * WIDE);
        UNROLL for (int i = 0; i < (pixels - 1) * stride + size; i++) {
          vwide cell = KERNEL(load_wide)(cells + i * WIDE);
          UNROLL for (int kx = 0; kx < size; kx++) {
            ptrdiff_t p = (i - kx) / stride;
            if (i >= kx && (i - kx) % stride == 0 && p < pixels) sum[p] += cell * weight[kx];
          }
        }
      } else {
        for (ptrdiff_t kx = 0; kx < size; kx++) {
          vwide weight = KERNEL(load_wide)(weights + kx * WIDE);
          UNROLL for (int p = 0; p < pixels; p++) {
            sum[p] += KERNEL(load_wide)(cells + (p * stride + kx * dilation) * WIDE) * weight;
          }
        }
      }
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) {
    vwide y = KERNEL(slope_wide)(sum[p], w->slope);
    y = y > w->top ? (vwide)w->top : y;
    KERNEL(scatter)(lo + p * BLOCK, hi - lo, y);
  }
}

#define lane_function KERNEL(lane_function)
typedef void (*lane_function)(const lane_window *w, ptrdiff_t start, float *lo, float *hi);

#define DEFINE(pixels, size, stride)                                                             \
  static void KERNEL(lanes_##size##_##stride##_##pixels)(                                        \
      const lane_window *w, ptrdiff_t start, float *lo, float *hi) {                             \
    KERNEL(lane_tile)(pixels, true, size, stride, 1, w, start, lo, hi);                          \
  }
#define DEFINE_ANY(pixels, ...)                                                                  \
  static void KERNEL(lanes_any_##pixels)(                                                        \
      const lane_window *w, ptrdiff_t start, float *lo, float *hi) {                             \
    KERNEL(lane_tile)(pixels, false, w->size, w->stride, w->dilation, w, start, lo, hi);         \
  }
#define ENTRY(pixels, size, stride) KERNEL(lanes_##size##_##stride##_##pixels),
#define ENTRY_ANY(pixels, ...) KERNEL(lanes_any_##pixels),
#define COUNT(pixels, ...) pixels,

EVERY_COUNT(DEFINE, 3, 1)
EVERY_COUNT(DEFINE, 3, 2)
EVERY_COUNT(DEFINE, 5, 1)
EVERY_COUNT(DEFINE, 5, 2)
EVERY_COUNT(DEFINE_ANY, )

/// The pixels of each tile of the tables below.
static const ptrdiff_t KERNEL(lane_counts)[] = {EVERY_COUNT(COUNT, )};
static const lane_function KERNEL(lanes_3_1)[] = {EVERY_COUNT(ENTRY, 3, 1)};
static const lane_function KERNEL(lanes_3_2)[] = {EVERY_COUNT(ENTRY, 3, 2)};
static const lane_function KERNEL(lanes_5_1)[] = {EVERY_COUNT(ENTRY, 5, 1)};
static const lane_function KERNEL(lanes_5_2)[] = {EVERY_COUNT(ENTRY, 5, 2)};
static const lane_function KERNEL(lanes_any)[] = {EVERY_COUNT(ENTRY_ANY, )};

INLINE const lane_function *KERNEL(lane_functions)(const convolution_geometry *g) {
  if (g->dilation != 1 || g->stride_x > 2) return KERNEL(lanes_any);
  if (g->size == 3) return g->stride_x == 1 ? KERNEL(lanes_3_1) : KERNEL(lanes_3_2);
  if (g->size == 5) return g->stride_x == 1 ? KERNEL(lanes_5_1) : KERNEL(lanes_5_2);
  return KERNEL(lanes_any);
}

/// Which tile cuts `count` pixels with the least waste: the last one of a row starts early enough to
/// end with it.
INLINE size_t KERNEL(best_tile)(ptrdiff_t count) {
  size_t best = 0;
  ptrdiff_t least = PTRDIFF_MAX;
  for (size_t i = 0; i < sizeof KERNEL(lane_counts) / sizeof(ptrdiff_t); i++) {
    ptrdiff_t pixels = KERNEL(lane_counts)[i];
    // A tile costs about a pixel more than it has.
    ptrdiff_t cost = (count + pixels - 1) / pixels * (pixels + 1);
    if (pixels <= count && cost <= least) best = i, least = cost;
  }
  return best;
}

// MARK: Rows of cells

/// The lanes that filters read, from those of a cell.
INLINE vwide KERNEL(pick_lanes)(vwide cell, const int32_t *lanes) {
#if LANES == 16
  return (vwide)_mm512_permutexvar_ps(_mm512_loadu_si512(lanes), (__m512)cell);
#elif LANES == 8
  return (vwide)_mm256_permutevar8x32_ps((__m256)cell, _mm256_loadu_si256((const void *)lanes));
#else
  float from[WIDE], to[WIDE];
  KERNEL(store_wide)(from, cell);
  for (int i = 0; i < WIDE; i++) to[i] = from[lanes[i]];
  return KERNEL(load_wide)(to);
#endif
}

/// Cells from two rows of an image, `column` pixels in; a null row, and what is outside, is zeros.
///
/// - Parameter lanes: [depth][WIDE], or null where filters read the lanes they stand in.
INLINE void KERNEL(copy_cells)(
    const float *lo, const float *hi, ptrdiff_t column, ptrdiff_t width, ptrdiff_t cells,
    const int32_t *lanes, ptrdiff_t depth, float *to) {
  static const float zeros[BLOCK];
  ptrdiff_t begin = column < 0 ? (-column < cells ? -column : cells) : 0;
  ptrdiff_t end = width - column < cells ? width - column : cells;
  if ((!lo && !hi) || end < begin) end = begin;
  ptrdiff_t low_step = lo ? BLOCK : 0, high_step = hi ? BLOCK : 0;
  const float *low = lo ? lo + (column + begin) * BLOCK : zeros;
  const float *high = hi ? hi + (column + begin) * BLOCK : zeros;
  for (ptrdiff_t c = 0; c < depth; c++, to += cells * WIDE) {
    for (ptrdiff_t i = 0; i < begin; i++) KERNEL(store_wide)(to + i * WIDE, (vwide)0);
    for (ptrdiff_t i = begin; i < end; i++) {
      const float *a = low + (i - begin) * low_step, *b = high + (i - begin) * high_step;
      vwide cell = KERNEL(gather)(a, b - a);
      if (lanes) cell = KERNEL(pick_lanes)(cell, lanes + c * WIDE);
      KERNEL(store_wide)(to + i * WIDE, cell);
    }
    for (ptrdiff_t i = end; i < cells; i++) KERNEL(store_wide)(to + i * WIDE, (vwide)0);
  }
}

// MARK: Units

void KERNEL(convolve_grouped_f32)(
    const convolution_geometry *g, const lane_groups *groups, const lane_unit *unit, const float *x,
    const float *weights, const blocked_epilogue *e, float *y, ptrdiff_t row, ptrdiff_t row_end,
    float *scratch) {
  const bool is_pair = WIDE > BLOCK && unit->block_count == 1;
  ptrdiff_t reach = (g->size - 1) * g->dilation + 1;
  ptrdiff_t in_row = g->width * BLOCK, out_row = g->out_width * BLOCK;
  ptrdiff_t depth = groups->sources * groups->depth, band = groups->band;
  const int32_t *blocks = groups->choice + unit->choice, *lanes = blocks + 2 * groups->sources;
  ptrdiff_t offset = unit->output_block * g->out_height * out_row;
  ptrdiff_t rows_at_once = is_pair ? 2 : 1;
  bool needs_finish = KERNEL(needs_finish)(e) && (e->residual || e->first != ACTIVATION_RELU6);

  // Behind the cells: the rows of the window, the bias, and where results go that nobody wants.
  ptrdiff_t most_cells = (band - 1) * g->stride_x + reach;
  float *bias = scratch + reach * depth * most_cells * WIDE;
  float *unwanted = bias + WIDE;
  const float **rows = (const float **)(unwanted + band * BLOCK);
  KERNEL(store_wide)(bias, KERNEL(gather)(e->bias + unit->output_block * BLOCK, is_pair ? 0 : BLOCK));

  for (ptrdiff_t left = 0; left < g->out_width; left += band) {
    ptrdiff_t columns = g->out_width - left < band ? g->out_width - left : band;
    ptrdiff_t cells = (columns - 1) * g->stride_x + reach, slot = depth * cells * WIDE;
    ptrdiff_t column = left * g->stride_x - g->padding;
    size_t tile = KERNEL(best_tile)(columns);
    lane_function function = KERNEL(lane_functions)(g)[tile];
    ptrdiff_t pixels = KERNEL(lane_counts)[tile];
    lane_window window = {
      .rows = rows,
      .plane = cells * WIDE,
      .depth = depth,
      .size = g->size,
      .stride = g->stride_x,
      .dilation = g->dilation,
      .weights = weights + unit->weights,
      .bias = bias,
      .slope = KERNEL(slope_of)(e->first),
      .top = KERNEL(top_of)(e->first),
    };
    ptrdiff_t first = row * g->stride_y - g->padding, next = first;
    for (ptrdiff_t oy = row; oy < row_end; oy += rows_at_once) {
      ptrdiff_t top = oy * g->stride_y - g->padding;
      for (next = next > top ? next : top; next < top + reach; next++) {
        ptrdiff_t other = is_pair ? next + g->stride_y : next;
        float *to = scratch + (next - first) % reach * slot;
        for (ptrdiff_t s = 0; s < groups->sources; s++, to += groups->depth * cells * WIDE) {
          const float *low = x + (blocks[2 * s] * g->height + next) * in_row;
          const float *high = x + (blocks[2 * s + 1] * g->height + other) * in_row;
          KERNEL(copy_cells)(
              next >= 0 && next < g->height ? low : NULL,
              other >= 0 && other < g->height ? high : NULL, column, g->width, cells,
              groups->is_depthwise ? NULL : lanes + s * groups->depth * WIDE, groups->depth, to);
        }
      }
      for (ptrdiff_t ky = 0; ky < g->size; ky++) {
        rows[ky] = scratch + (top + ky * g->dilation - first) % reach * slot;
      }
      ptrdiff_t at = offset + oy * out_row + left * BLOCK;
      float *lo = y + at, *hi = lo + (is_pair ? out_row : g->out_height * out_row);
      bool has_high = WIDE > BLOCK && (!is_pair || oy + 1 < row_end);
      if (!has_high) hi = unwanted;
      for (ptrdiff_t i = 0; i < columns; i += pixels) {
        if (i > columns - pixels) i = columns - pixels;
        function(&window, i * g->stride_x * WIDE, lo + i * BLOCK, hi + i * BLOCK);
      }
      if (!needs_finish) continue;
      KERNEL(finish)(e, lo, at, columns * BLOCK);
      if (has_high) KERNEL(finish)(e, hi, at + (hi - lo), columns * BLOCK);
    }
  }
}

#undef EVERY_COUNT
#undef lane_function
#undef DEFINE
#undef DEFINE_ANY
#undef ENTRY
#undef ENTRY_ANY
#undef COUNT
