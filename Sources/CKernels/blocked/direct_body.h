// Direct convolution of one tier.

#include "lanes_body.h"

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
#define DEFINE(type, vectors, pixels)                                                            \
  DEFINE_LAYOUT(blocked, type, vectors, pixels, BLOCK)                                           \
  DEFINE_LAYOUT(planar, type, vectors, pixels, 1)
#define DEFINE_PRODUCT(type, vectors, pixels)                                                    \
  static void KERNEL(product_##type##vectors##x##pixels)(                                        \
      const pixel_run *r, const float *x, float *y, const float *residual) {                     \
    (void)residual;                                                                              \
    KERNEL(wide_tile)(vectors, pixels, WIDE, WIDE, true, r, x, y, NULL);                         \
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
static const tile_function KERNEL(planar_tiles)[][MOST_PIXELS + 1] = {
  [1] = {UP_TO(PLANAR_ENTRY, wide, 1, PIXELS_1)},
  [2] = {UP_TO(PLANAR_ENTRY, wide, 2, PIXELS_2)}};
static const tile_function KERNEL(product_tiles)[][MOST_PIXELS + 1] = {
  [1] = {UP_TO(PRODUCT_ENTRY, wide, 1, PIXELS_1)},
  [2] = {UP_TO(PRODUCT_ENTRY, wide, 2, PIXELS_2)}};

#if LANES == 16
UP_TO(DEFINE, narrow, 1, PIXELS_1)
static const tile_function KERNEL(narrow_blocked_tiles)[] = {
  UP_TO(BLOCKED_ENTRY, narrow, 1, PIXELS_1)};
static const tile_function KERNEL(narrow_planar_tiles)[] = {
  UP_TO(PLANAR_ENTRY, narrow, 1, PIXELS_1)};
#endif

/// The tiles for units of `width` blocks.
INLINE const tile_function *KERNEL(tiles_of)(ptrdiff_t width, bool planar) {
  ptrdiff_t vectors = width / (WIDE / BLOCK);
#if LANES == 16
  if (!vectors) return planar ? KERNEL(narrow_planar_tiles) : KERNEL(narrow_blocked_tiles);
#endif
  return planar ? KERNEL(planar_tiles)[vectors] : KERNEL(blocked_tiles)[vectors];
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

/// Copies the input rows of a strip with the zeros around them, blocks [first, end).
INLINE void KERNEL(copy_strip)(
    const convolution_geometry *g, const float *x, ptrdiff_t lanes, ptrdiff_t first,
    ptrdiff_t end, ptrdiff_t top, ptrdiff_t rows, ptrdiff_t width, float *strip) {
  ptrdiff_t left = g->padding < width ? g->padding : width;
  ptrdiff_t cells = width - left < g->width ? width - left : g->width;
  for (ptrdiff_t b = first; b < end; b++) {
    for (ptrdiff_t row = top; row < top + rows; row++, strip += width * lanes) {
      if (row < 0 || row >= g->height) {
        memset(strip, 0, (size_t)(width * lanes) * sizeof(float));
        continue;
      }
      const float *from = x + (b * g->height + row) * g->width * lanes;
      memset(strip, 0, (size_t)(left * lanes) * sizeof(float));
      memcpy(strip + left * lanes, from, (size_t)(cells * lanes) * sizeof(float));
      memset(strip + (left + cells) * lanes, 0,
          (size_t)((width - left - cells) * lanes) * sizeof(float));
    }
  }
}

void KERNEL(convolve_blocked_f32)(
    const convolution_geometry *g, bool planar, const filter_unit *units, size_t unit_count,
    const float *x, const float *weights, const blocked_epilogue *e, float *y, ptrdiff_t row,
    ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end, void *scratch) {
  ptrdiff_t lanes = planar ? 1 : BLOCK;
  ptrdiff_t first = units[0].first_block, end = first;
  for (size_t u = 0; u < unit_count; u++) {
    ptrdiff_t last = (ptrdiff_t)units[u].first_block + units[u].block_count;
    if (units[u].first_block < first) first = units[u].first_block;
    if (last > end) end = last;
  }
  ptrdiff_t reach = (g->size - 1) * g->dilation;
  ptrdiff_t top = row * g->stride_y - g->padding;
  ptrdiff_t rows = (row_end - row - 1) * g->stride_y + reach + 1;
  ptrdiff_t width = (g->out_width - 1) * g->stride_x + reach + 1;
  ptrdiff_t taps = g->size * g->size;

  int32_t *offsets = scratch;
  const float *cells = x + (first * g->height + top) * g->width * lanes;
  ptrdiff_t row_floats = g->width * lanes, block_floats = g->height * row_floats;
  if (blocked_needs_halo(g)) {
    ptrdiff_t table = ((end - first) * taps + 15) / 16 * 16;
    float *strip = (float *)(offsets + table);
    KERNEL(copy_strip)(g, x, lanes, first, end, top, rows, width, strip);
    cells = strip;
    row_floats = width * lanes;
    block_floats = rows * row_floats;
  }
  for (ptrdiff_t i = 0; i < (end - first) * taps; i++) {
    ptrdiff_t ky = i % taps / g->size, kx = i % g->size;
    offsets[i] = (int32_t)(i / taps * block_floats + ky * g->dilation * row_floats
        + kx * g->dilation * lanes);
  }

  ptrdiff_t plane = g->out_height * g->out_width * BLOCK;
  for (size_t u = 0; u < unit_count; u++) {
    const filter_unit *unit = units + u;
    pixel_run r = {
      .offsets = offsets + (unit->first_block - first) * taps,
      .taps = unit->block_count * taps,
      .step = g->stride_x * lanes,
      .weights = weights + unit->weights,
      .bias = e->bias + (ptrdiff_t)unit->output_block * BLOCK,
      .stride = plane,
      .first = KERNEL(slope_of)(e->first),
      .second = KERNEL(slope_of)(e->second),
    };
    KERNEL(fetch_ahead)(&r, lanes * unit->width * BLOCK,
        (row_end - row) * ((column_end - column + MOST_PIXELS - 1) / MOST_PIXELS));
    for (ptrdiff_t oy = row; oy < row_end; oy++) {
      KERNEL(convolve_run)(&r, planar, unit->width, column_end - column,
          cells + (oy - row) * g->stride_y * row_floats + column * g->stride_x * lanes, e, y,
          unit->output_block * plane + (oy * g->out_width + column) * BLOCK);
    }
  }
}

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
