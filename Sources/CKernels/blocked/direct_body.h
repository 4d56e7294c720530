// Direct convolution of one tier and one kind of element; ELEMENTS names the file of the latter.

#include "lanes_body.h"

#include ELEMENTS

// The pixels of the largest tiles, for one and for two registers of filters, so that the sums, the
// weights and a cell fit the registers: 32 of AVX-512, 16 of AVX2, 16 of SSE and 32 of NEON, of
// which two make a block.
#if LANES == 16
#define PIXELS_1 14
#define PIXELS_2 14
#elif LANES == 8 || defined(__aarch64__)
#define PIXELS_1 12
#define PIXELS_2 6
#else
#define PIXELS_1 4
#define PIXELS_2 2
#endif
#define MOST_PIXELS PIXELS_1

// NEON's 32 registers are all in use, and unrolling makes its compiler spill some.
#if defined(__aarch64__)
#define LANE_UNROLL _Pragma("clang loop unroll(disable)")
#else
#define LANE_UNROLL _Pragma("clang loop unroll_count(4)")
#endif

#define VECTOR vwide
#define VECTOR_LANES WIDE
#define TILE(name) KERNEL(wide_##name)
#include "tile_body.h"
#undef VECTOR
#undef VECTOR_LANES
#undef TILE

#if LANES == 16
#define VECTOR vblock
#define VECTOR_LANES BLOCK_LANES
#define TILE(name) KERNEL(narrow_##name)
#include "tile_body.h"
#undef VECTOR
#undef VECTOR_LANES
#undef TILE
#include "paired_tile_body.h"
#endif

// MARK: The tiles there are

#define tile_function KERNEL(tile_function)
typedef void (*tile_function)(
    const pixel_run *r, const float *x, float *y, const float *residual);

/// The usual strides apart from others: the addresses of a tile's cells are then constants, for which
/// there are more than enough registers.
#define DEFINE_LAYOUT(name, type, vectors, pixels, lanes)                                        \
  static void KERNEL(name##_##type##vectors##x##pixels)(                                         \
      const pixel_run *r, const float *x, float *y, const float *residual) {                     \
    if (r->step == lanes) {                                                                      \
      KERNEL(type##_tile)(vectors, pixels, lanes, lanes, false, r, x, y, residual);              \
    } else if (r->step == 2 * lanes) {                                                           \
      KERNEL(type##_tile)(vectors, pixels, lanes, 2 * lanes, false, r, x, y, residual);          \
    } else {                                                                                     \
      KERNEL(type##_tile)(vectors, pixels, lanes, r->step, false, r, x, y, residual);            \
    }                                                                                            \
  }
#if CELL_WORDS == BLOCK_LANES
#define DEFINE(type, vectors, pixels)                                                            \
  DEFINE_LAYOUT(blocked, type, vectors, pixels, CELL_WORDS)                                      \
  DEFINE_LAYOUT(planar, type, vectors, pixels, 1)
#else
#define DEFINE(type, vectors, pixels)                                                            \
  DEFINE_LAYOUT(blocked, type, vectors, pixels, CELL_WORDS)
#endif
/// The words of as many channels as a wide register holds floats.
#define WIDE_WORDS (WIDE / BLOCK_LANES * CELL_WORDS)
#define DEFINE_PRODUCT(type, vectors, pixels)                                                    \
  static void KERNEL(product_##type##vectors##x##pixels)(                                        \
      const pixel_run *r, const float *x, float *y, const float *residual) {                     \
    (void)residual;                                                                              \
    KERNEL(wide_tile)(vectors, pixels, WIDE_WORDS, WIDE_WORDS, true, r, x, y, NULL);             \
  }

#define UP_TO_2(X, type, vectors) X(type, vectors, 1) X(type, vectors, 2)
#define UP_TO_4(X, type, vectors)                                                                \
  UP_TO_2(X, type, vectors) X(type, vectors, 3) X(type, vectors, 4)
#define UP_TO_6(X, type, vectors)                                                                \
  UP_TO_4(X, type, vectors) X(type, vectors, 5) X(type, vectors, 6)
#define UP_TO_12(X, type, vectors)                                                               \
  UP_TO_6(X, type, vectors) X(type, vectors, 7) X(type, vectors, 8) X(type, vectors, 9)          \
  X(type, vectors, 10) X(type, vectors, 11) X(type, vectors, 12)
#define UP_TO_14(X, type, vectors)                                                               \
  UP_TO_12(X, type, vectors) X(type, vectors, 13) X(type, vectors, 14)
#define UP_TO_(X, type, vectors, pixels) UP_TO_##pixels(X, type, vectors)
#define UP_TO(X, type, vectors, pixels) UP_TO_(X, type, vectors, pixels)

#define BLOCKED_ENTRY(type, vectors, pixels)                                                     \
  [pixels] = KERNEL(blocked_##type##vectors##x##pixels),
#define PLANAR_ENTRY(type, vectors, pixels)                                                      \
  [pixels] = KERNEL(planar_##type##vectors##x##pixels),
#define PRODUCT_ENTRY(type, vectors, pixels)                                                     \
  [pixels] = KERNEL(product_##type##vectors##x##pixels),

UP_TO(DEFINE, wide, 1, PIXELS_1)
UP_TO(DEFINE, wide, 2, PIXELS_2)
UP_TO(DEFINE_PRODUCT, wide, 1, PIXELS_1)
UP_TO(DEFINE_PRODUCT, wide, 2, PIXELS_2)

/// By the registers of a unit's filters, then by pixels.
static const tile_function KERNEL(blocked_tiles)[][MOST_PIXELS + 1] = {
  [1] = {UP_TO(BLOCKED_ENTRY, wide, 1, PIXELS_1)},
  [2] = {UP_TO(BLOCKED_ENTRY, wide, 2, PIXELS_2)}};
#if CELL_WORDS == BLOCK_LANES
static const tile_function KERNEL(planar_tiles)[][MOST_PIXELS + 1] = {
  [1] = {UP_TO(PLANAR_ENTRY, wide, 1, PIXELS_1)},
  [2] = {UP_TO(PLANAR_ENTRY, wide, 2, PIXELS_2)}};
#endif
static const tile_function KERNEL(product_tiles)[][MOST_PIXELS + 1] = {
  [1] = {UP_TO(PRODUCT_ENTRY, wide, 1, PIXELS_1)},
  [2] = {UP_TO(PRODUCT_ENTRY, wide, 2, PIXELS_2)}};

#if LANES == 16
#define DEFINE_NARROW(type, vectors, pixels)                                                     \
  DEFINE(type, vectors, pixels)                                                                  \
  static void KERNEL(paired_##type##vectors##x##pixels)(                                         \
      const pixel_run *r, const float *x, float *y, const float *residual) {                     \
    if (r->step == CELL_WORDS) KERNEL(paired_tile)(pixels, r, x, y, residual);                   \
    else KERNEL(blocked_##type##vectors##x##pixels)(r, x, y, residual);                          \
  }
#define PAIRED_ENTRY(type, vectors, pixels)                                                      \
  [pixels] = KERNEL(paired_##type##vectors##x##pixels),
UP_TO(DEFINE_NARROW, narrow, 1, PIXELS_1)
static const tile_function KERNEL(narrow_blocked_tiles)[] = {
  UP_TO(PAIRED_ENTRY, narrow, 1, PIXELS_1)};
#if CELL_WORDS == BLOCK_LANES
static const tile_function KERNEL(narrow_planar_tiles)[] = {
  UP_TO(PLANAR_ENTRY, narrow, 1, PIXELS_1)};
#endif
#endif

/// The tiles for units of `width` blocks.
INLINE const tile_function *KERNEL(tiles_of)(ptrdiff_t width, bool planar) {
  ptrdiff_t vectors = width / (WIDE / BLOCK);
#if CELL_WORDS == BLOCK_LANES
#if LANES == 16
  if (planar && !vectors) return KERNEL(narrow_planar_tiles);
#endif
  if (planar) return KERNEL(planar_tiles)[vectors];
#else
  (void)planar;
#endif
#if LANES == 16
  if (!vectors) return KERNEL(narrow_blocked_tiles);
#endif
  return KERNEL(blocked_tiles)[vectors];
}

/// `count` pixels in tiles of nearly equal size, at most `most`; results are `lanes` apart.
INLINE void KERNEL(run_tiles)(
    const tile_function *tiles, ptrdiff_t most, pixel_run *r, ptrdiff_t count,
    const float *x, float *y, const float *residual, ptrdiff_t lanes) {
  ptrdiff_t pieces = (count + most - 1) / most;
  for (ptrdiff_t i = 0, first = 0; i < pieces; i++) {
    ptrdiff_t end = count * (i + 1) / pieces;
    tiles[end - first](
        r, x + first * r->step, y + first * lanes, residual ? residual + first * lanes : NULL);
    first = end;
    r->next += r->taps * r->ahead * LINE;
    if (r->next >= r->next_end) r->ahead = 0;
  }
}

/// Lets the tiles of a unit fetch the weights that follow its own, the next unit's, so that they
/// arrive while there is work. Behind the last unit nothing is read, only asked for.
INLINE void KERNEL(fetch_ahead)(pixel_run *r, ptrdiff_t tap_floats, ptrdiff_t tiles) {
  ptrdiff_t lines = (tap_floats + LINE - 1) / LINE;
  r->next = r->weights + r->taps * tap_floats;
  r->next_end = r->next + r->taps * tap_floats;
  r->ahead = (lines + tiles - 1) / tiles;
}

INLINE ptrdiff_t KERNEL(most_pixels)(ptrdiff_t width) {
  return width > WIDE / BLOCK ? PIXELS_2 : PIXELS_1;
}

// MARK: Direct convolution

/// `count` pixels of a unit from `x` on, to `offset` floats into the image.
///
/// Activations too long for registers are applied a few tiles at a time, to what is still in the
/// innermost cache.
INLINE void KERNEL(convolve_run)(
    pixel_run *r, bool planar, ptrdiff_t width, ptrdiff_t count, const float *x,
    const blocked_epilogue *e, float *image, ptrdiff_t offset) {
  const tile_function *tiles = KERNEL(tiles_of)(width, planar);
  ptrdiff_t most = KERNEL(most_pixels)(width);
  bool is_short = KERNEL(is_short)(e->first) && (!e->residual || KERNEL(is_short)(e->second));
  if (is_short) {
    KERNEL(run_tiles)(
        tiles, most, r, count, x, image + offset, e->residual ? e->residual + offset : NULL, BLOCK);
    return;
  }
  for (ptrdiff_t first = 0, part = 4 * most; first < count; first += part) {
    if (part > count - first) part = count - first;
    ptrdiff_t start = offset + first * BLOCK;
    KERNEL(run_tiles)(tiles, most, r, part, x + first * r->step, image + start, NULL, BLOCK);
    for (ptrdiff_t b = 0; b < width; b++, start += r->stride) {
      KERNEL(finish)(e, image + start, start, part * BLOCK);
    }
  }
}

/// Copies what the windows of `part` see of blocks [first, end), with the zeros around the image, as
/// elements: [blocks][rows][width][lanes].
INLINE void KERNEL(copy_strip)(
    const convolution_geometry *g, const input_part *part, const float *x, ptrdiff_t lanes,
    ptrdiff_t first, ptrdiff_t end, const quantization *q, KERNEL(element) *strip) {
  ptrdiff_t top = part->top, left = part->left, rows = part->rows, width = part->width;
  ptrdiff_t before = left < 0 ? -left : 0, start = left < 0 ? 0 : left;
  if (before > width) before = width;
  ptrdiff_t cells = width - before < g->width - start ? width - before : g->width - start;
  if (cells < 0) cells = 0;
  for (ptrdiff_t b = first; b < end; b++) {
    for (ptrdiff_t row = top; row < top + rows; row++, strip += width * lanes) {
      if (row < 0 || row >= g->height) {
        KERNEL(put_zeros)(strip, width * lanes, q);
        continue;
      }
      const float *from = x + ((b * g->height + row) * g->width + start) * lanes;
      KERNEL(put_zeros)(strip, before * lanes, q);
      KERNEL(put_elements)(strip + before * lanes, from, cells * lanes, q);
      KERNEL(put_zeros)(strip + (before + cells) * lanes, (width - before - cells) * lanes, q);
    }
  }
}

/// Output rows [row, row_end) and columns [column, column_end) of some units, from `cells` on: the
/// first cell of the first window, in the blocks from `first` to `end`. Rows and blocks of the input
/// are `row_words` and `block_words` apart.
INLINE void KERNEL(convolve_cells)(
    const convolution_geometry *g, bool planar, const filter_unit *units, size_t unit_count,
    const float *cells, ptrdiff_t first, ptrdiff_t end, ptrdiff_t row_words, ptrdiff_t block_words,
    const quantization *q, const float *weights, const blocked_epilogue *e, float *y,
    ptrdiff_t row, ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end, int32_t *offsets) {
  ptrdiff_t taps = g->size * g->size, words = planar ? 1 : CELL_WORDS;
  for (ptrdiff_t i = 0; i < (end - first) * taps; i++) {
    ptrdiff_t ky = i % taps / g->size, kx = i % g->size;
    offsets[i] = (int32_t)(i / taps * block_words + ky * g->dilation * row_words
        + kx * g->dilation * words);
  }
  ptrdiff_t plane = g->out_height * g->out_width * BLOCK;
  for (size_t u = 0; u < unit_count; u++) {
    const filter_unit *unit = units + u;
    ptrdiff_t filter = (ptrdiff_t)unit->output_block * BLOCK;
    pixel_run r = {
      .offsets = offsets + (unit->first_block - first) * taps,
      .taps = unit->block_count * taps,
      .step = g->stride_x * words,
      .weights = weights + unit->weights,
      .bias = e->bias + filter,
      .starts = q ? q->starts + filter : NULL,
      .scales = q ? q->scales + filter : NULL,
      .stride = plane,
      .first = KERNEL(slope_of)(e->first),
      .second = KERNEL(slope_of)(e->second),
    };
    KERNEL(fetch_ahead)(&r, words * unit->width * BLOCK,
        (row_end - row) * ((column_end - column + MOST_PIXELS - 1) / MOST_PIXELS));
    for (ptrdiff_t oy = row; oy < row_end; oy++) {
      KERNEL(convolve_run)(&r, planar, unit->width, column_end - column,
          cells + (oy - row) * g->stride_y * row_words, e, y,
          unit->output_block * plane + (oy * g->out_width + column) * BLOCK);
    }
  }
}

INLINE void KERNEL(multiply)(
    const filter_unit *units, size_t unit_count, const float *v, ptrdiff_t room,
    const float *weights, float *m, ptrdiff_t tiles, int32_t *offsets) {
  ptrdiff_t blocks = units[0].block_count;
  for (ptrdiff_t i = 0; i < blocks; i++) offsets[i] = (int32_t)(i * room * WIDE_WORDS);
  for (size_t u = 0; u < unit_count; u++) {
    ptrdiff_t vectors = units[u].width / (WIDE / BLOCK);
    pixel_run r = {
      .offsets = offsets,
      .taps = blocks,
      .step = WIDE_WORDS,
      .weights = weights + units[u].weights,
      .stride = room * WIDE,
    };
    KERNEL(fetch_ahead)(
        &r, WIDE * units[u].width * BLOCK, (tiles + MOST_PIXELS - 1) / MOST_PIXELS);
    KERNEL(run_tiles)(
        KERNEL(product_tiles)[vectors], KERNEL(most_pixels)(units[u].width), &r, tiles, v,
        m + units[u].output_block / (WIDE / BLOCK) * room * WIDE, NULL, WIDE);
  }
}

#undef WIDE_WORDS
#undef PIXELS_1
#undef PIXELS_2
#undef MOST_PIXELS
#undef LANE_UNROLL
#undef tile_function
#undef DEFINE_LAYOUT
#undef DEFINE
#undef DEFINE_PRODUCT
#undef UP_TO_2
#undef UP_TO_4
#undef UP_TO_6
#undef UP_TO_12
#undef UP_TO_14
#undef UP_TO_
#undef UP_TO
#undef BLOCKED_ENTRY
#undef PLANAR_ENTRY
#undef PRODUCT_ENTRY
#undef DEFINE_NARROW
#undef PAIRED_ENTRY
