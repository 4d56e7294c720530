// Convolution from planes to blocks of one tier. Registers hold neighbouring pixels of a filter, so
// that eight filters fill them as well as any number does; finished sums are turned into blocks.

#include "lanes_body.h"

// The registers of pixels whose sums are computed at a time, and the filters: as many sums as registers
// hold beside what is multiplied.
#if LANES == 16
#define VECTORS 2
#define FILTERS BLOCK
#elif LANES == 8 || defined(__aarch64__)
#define VECTORS 2
#define FILTERS (BLOCK / 2)
#else
#define VECTORS 1
#define FILTERS (BLOCK / 2)
#endif

#if WIDE == 16
#define EVEN(a, b)                                                                               \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b)                                                                                \
  __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
#define MIX_LOW(a, b)                                                                            \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define MIX_HIGH(a, b)                                                                           \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#else
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define MIX_LOW(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define MIX_HIGH(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#endif

/// [8][WIDE] to [WIDE][8]: each round makes the highest bit of a number's place its lowest.
INLINE void KERNEL(turn)(vwide v[BLOCK]) {
  UNROLL for (int round = 0; round < 3; round++) {
    vwide w[BLOCK];
    UNROLL for (int i = 0; i < BLOCK / 2; i++) {
      w[2 * i] = MIX_LOW(v[i], v[i + BLOCK / 2]);
      w[2 * i + 1] = MIX_HIGH(v[i], v[i + BLOCK / 2]);
    }
    UNROLL for (int i = 0; i < BLOCK; i++) v[i] = w[i];
  }
}

// MARK: The input of a strip

/// Numbers [first, end) of each phase of a row, from column `left` on, zeros outside the image.
INLINE void KERNEL(copy_some)(
    const float *row, ptrdiff_t image_width, ptrdiff_t left, ptrdiff_t step, ptrdiff_t phases,
    ptrdiff_t first, ptrdiff_t end, float *to, ptrdiff_t width) {
  for (ptrdiff_t phase = 0; phase < phases; phase++) {
    for (ptrdiff_t i = first; i < end; i++) {
      ptrdiff_t column = left + i * step + phase;
      to[phase * width + i] = column >= 0 && column < image_width ? row[column] : 0;
    }
  }
}

/// `count` columns of each phase of a row: neighbours in a phase are a stride apart in the image.
INLINE void KERNEL(copy_row)(
    const float *row, ptrdiff_t image_width, ptrdiff_t left, ptrdiff_t step, ptrdiff_t phases,
    ptrdiff_t count, float *to, ptrdiff_t width) {
  // What can be read whole, [first, end); strides beyond 2 are rare.
  ptrdiff_t first = left < 0 ? (step - 1 - left) / step : 0;
  ptrdiff_t end = left < image_width ? (image_width - left) / step : 0;
  if (end > count) end = count;
  if (step == 1 && first < end) {
    memcpy(to + first, row + left + first, (size_t)(end - first) * sizeof *to);
  } else if (step == 2 && phases == 2 && first + WIDE <= end) {
    for (ptrdiff_t next = first; next < end; next += WIDE) {
      ptrdiff_t i = next + WIDE <= end ? next : end - WIDE;
      const float *from = row + left + 2 * i;
      vwide low = KERNEL(load_wide)(from), high = KERNEL(load_wide)(from + WIDE);
      KERNEL(store_wide)(to + i, EVEN(low, high));
      KERNEL(store_wide)(to + width + i, ODD(low, high));
    }
  } else {
    first = end = count;
  }
  KERNEL(copy_some)(row, image_width, left, step, phases, 0, first, to, width);
  KERNEL(copy_some)(row, image_width, left, step, phases, end, count, to, width);
}

/// What the windows of some outputs see, [channels][room for rows][phases][width].
INLINE void KERNEL(copy_planes)(
    const convolution_geometry *g, const float *x, ptrdiff_t row, ptrdiff_t rows, ptrdiff_t room,
    ptrdiff_t column, ptrdiff_t columns, ptrdiff_t width, float *cells) {
  ptrdiff_t top = row * g->stride_y - g->padding, left = column * g->stride_x - g->padding;
  ptrdiff_t phases = planar_phases(g);
  ptrdiff_t count = columns + (g->size - 1) * g->dilation / g->stride_x;
  for (ptrdiff_t c = 0; c < g->channels; c++, cells += (room - rows) * phases * width) {
    for (ptrdiff_t y = top; y < top + rows; y++, cells += phases * width) {
      bool is_inside = y >= 0 && y < g->height;
      const float *from = x + (c * g->height + (is_inside ? y : 0)) * g->width;
      KERNEL(copy_row)(
          from, is_inside ? g->width : 0, left, g->stride_x, phases, count, cells, width);
    }
  }
}

// MARK: Sums

/// What the pixels of a block of filters in a strip have in common.
typedef struct KERNEL(planar_run) {
  const int32_t *offsets;  ///< from a pixel's first cell to each tap
  ptrdiff_t taps;
  const float *weights;  ///< [taps][8]
  const float *bias;
  float slope;  ///< by what the activation multiplies negative values
} KERNEL(planar_run);

/// WIDE pixels from `x` on, and, where two registers are summed at a time, from `x + second` on.
INLINE void KERNEL(planar_sums)(
    const KERNEL(planar_run) *r, const int vectors, const float *x, ptrdiff_t second,
    vwide sums[2][BLOCK]) {
  UNROLL for (int start = 0; start < BLOCK; start += FILTERS) {
    vwide sum[2][FILTERS];
    UNROLL for (int f = 0; f < FILTERS; f++) {
      UNROLL for (int v = 0; v < vectors; v++) sum[v][f] = (vwide)r->bias[start + f];
    }
    const float *weights = r->weights + start;
    for (ptrdiff_t t = 0; t < r->taps; t++, weights += BLOCK) {
      vwide cell[2];
      UNROLL for (int v = 0; v < vectors; v++) {
        cell[v] = KERNEL(load_wide)(x + v * second + r->offsets[t]);
      }
      UNROLL for (int f = 0; f < FILTERS; f++) {
        UNROLL for (int v = 0; v < vectors; v++) sum[v][f] += cell[v] * (vwide)weights[f];
      }
    }
    UNROLL for (int f = 0; f < FILTERS; f++) {
      UNROLL for (int v = 0; v < vectors; v++) sums[v][start + f] = sum[v][f];
    }
  }
}

/// Both registers, one after another where there are too few for their sums.
INLINE void KERNEL(planar_pair)(
    const KERNEL(planar_run) *r, const float *x, ptrdiff_t second, vwide sums[2][BLOCK]) {
  if (VECTORS == 2) {
    KERNEL(planar_sums)(r, 2, x, second, sums);
  } else {
    KERNEL(planar_sums)(r, 1, x, 0, sums);
    KERNEL(planar_sums)(r, 1, x + second, 0, sums + 1);
  }
}

/// At most WIDE finished pixels to their block.
INLINE void KERNEL(put_pixels)(
    const KERNEL(planar_run) *r, vwide v[BLOCK], ptrdiff_t count, float *y) {
  KERNEL(turn)(v);
  float some[BLOCK * WIDE], *to = count < WIDE ? some : y;
  UNROLL for (int i = 0; i < BLOCK; i++) {
    KERNEL(store_wide)(to + i * WIDE, KERNEL(slope_wide)(v[i], r->slope));
  }
  if (count < WIDE) memcpy(y, some, (size_t)count * BLOCK * sizeof *y);
}

/// `count` pixels of a row.
INLINE void KERNEL(planar_row)(
    const KERNEL(planar_run) *r, const float *x, ptrdiff_t count, float *y) {
  ptrdiff_t i = 0;
  vwide sums[2][BLOCK];
  for (; count - i > WIDE; i += 2 * WIDE) {
    ptrdiff_t left = count - i - WIDE;
    KERNEL(planar_pair)(r, x + i, WIDE, sums);
    KERNEL(put_pixels)(r, sums[0], WIDE, y + i * BLOCK);
    KERNEL(put_pixels)(r, sums[1], left < WIDE ? left : WIDE, y + (i + WIDE) * BLOCK);
  }
  if (i < count) {
    KERNEL(planar_sums)(r, 1, x + i, 0, sums);
    KERNEL(put_pixels)(r, sums[0], count - i, y + i * BLOCK);
  }
}

/// The largest of every two by two of `count` pixels of this row and of the one `next` cells on.
/// Activations that never fall may follow the largest instead of coming before it; only of windows
/// without a number above -FLT_MAX they make something else then.
INLINE void KERNEL(planar_pooled_row)(
    const KERNEL(planar_run) *r, const float *x, ptrdiff_t next, ptrdiff_t count, float *y) {
  for (ptrdiff_t i = 0; i < count; i += WIDE) {
    vwide sums[2][BLOCK], most[BLOCK];
    KERNEL(planar_pair)(r, x + i, next, sums);
    UNROLL for (int f = 0; f < BLOCK; f++) {
      vwide above = KERNEL(larger_wide)(sums[0][f], (vwide)-FLT_MAX);
      most[f] = KERNEL(larger_wide)(sums[1][f], above);
    }
    KERNEL(turn)(most);
    ptrdiff_t pairs = count - i < WIDE ? (count - i) / 2 : WIDE / 2;
    for (int p = 0; p < WIDE / 2; p++, y += BLOCK) {
      if (p == pairs) break;
#if WIDE == 16
      vblock pair = KERNEL(larger)(most[p].hi, most[p].lo);
#else
      vblock pair = KERNEL(larger)(most[2 * p + 1], most[2 * p]);
#endif
      KERNEL(store)(y, KERNEL(slope)(pair, r->slope));
    }
  }
}

void KERNEL(convolve_planar_f32)(
    const convolution_geometry *g, const planar_strip *s, const float *x, const float *weights,
    const blocked_epilogue *e, float *y, const planar_part *part, float *scratch) {
  ptrdiff_t taps = g->channels * g->size * g->size, pooled = e->is_pooled ? 2 : 1;
  ptrdiff_t in_rows = planar_input_rows(g, s), width = planar_width(g, s);
  ptrdiff_t phases = planar_phases(g), row_cells = phases * width;
  int32_t *offsets = (int32_t *)scratch;
  float *cells = scratch + (taps + 15) / 16 * 16;
  for (ptrdiff_t t = 0; t < taps; t++) {
    ptrdiff_t c = t / (g->size * g->size), ky = t / g->size % g->size * g->dilation;
    ptrdiff_t kx = t % g->size * g->dilation;
    offsets[t] = (int32_t)((c * in_rows + ky) * row_cells + kx % g->stride_x * width
        + kx / g->stride_x);
  }
  KERNEL(planar_run) r = {
    .offsets = offsets, .taps = taps, .slope = KERNEL(slope_of)(e->first)};
  ptrdiff_t out_width = g->out_width / pooled, plane = g->out_height / pooled * out_width * BLOCK;
  ptrdiff_t step = g->stride_y * row_cells;
  for (ptrdiff_t row = part->row; row < part->row_end; row += s->rows / pooled) {
    for (ptrdiff_t column = part->column; column < part->column_end;
         column += s->columns / pooled) {
      ptrdiff_t rows = part->row_end - row, columns = part->column_end - column;
      if (rows > s->rows / pooled) rows = s->rows / pooled;
      if (columns > s->columns / pooled) columns = s->columns / pooled;
      ptrdiff_t seen = (rows * pooled - 1) * g->stride_y + (g->size - 1) * g->dilation + 1;
      KERNEL(copy_planes)(
          g, x, row * pooled, seen, in_rows, column * pooled, columns * pooled, width, cells);
      for (ptrdiff_t b = part->block; b < part->block_end; b++) {
        r.weights = weights + b * taps * BLOCK;
        r.bias = e->bias + b * BLOCK;
        for (ptrdiff_t i = 0; i < rows; i++) {
          ptrdiff_t offset = b * plane + ((row + i) * out_width + column) * BLOCK;
          const float *from = cells + i * pooled * step;
          if (e->is_pooled) {
            KERNEL(planar_pooled_row)(&r, from, step, 2 * columns, y + offset);
            continue;
          }
          KERNEL(planar_row)(&r, from, columns, y + offset);
          if (KERNEL(needs_finish)(e)) KERNEL(finish)(e, y + offset, offset, columns * BLOCK);
        }
      }
    }
  }
}

#undef VECTORS
#undef FILTERS
#undef EVEN
#undef ODD
#undef MIX_LOW
#undef MIX_HIGH
