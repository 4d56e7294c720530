// The gradients beside products of one tier.

#include "lanes_body.h"

typedef double vdouble __attribute__((ext_vector_type(BLOCK)));

// MARK: Convolutions

void KERNEL(fold_blocked_f32)(
    const convolution_geometry *g, const float *cells, ptrdiff_t tap_floats, ptrdiff_t row,
    ptrdiff_t row_end, float *dx) {
  for (ptrdiff_t t = 0; t < g->size * g->size; t++, cells += tap_floats) {
    ptrdiff_t top = t / g->size * g->dilation - g->padding;
    ptrdiff_t start = t % g->size * g->dilation - g->padding;
    cell_range rows = cells_inside(row, row_end, g->stride_y, top, g->height);
    cell_range columns = cells_inside(0, g->out_width, g->stride_x, start, g->width);
    for (ptrdiff_t oy = rows.first; oy < rows.end; oy++) {
      const float *from = cells + ((oy - row) * g->out_width + columns.first) * BLOCK;
      float *to = dx + ((oy * g->stride_y + top) * g->width + columns.first * g->stride_x + start)
          * BLOCK;
      for (ptrdiff_t i = columns.first; i < columns.end; i++) {
        KERNEL(store)(to, KERNEL(load)(to) + KERNEL(load)(from));
        from += BLOCK;
        to += g->stride_x * BLOCK;
      }
    }
  }
}

void KERNEL(depthwise_gradient_f32)(
    const convolution_geometry *g, const float *x, const float *dy, const gradient_part *part,
    float *sums) {
  for (ptrdiff_t t = 0; t < g->size * g->size; t++, sums += BLOCK) {
    ptrdiff_t top = t / g->size * g->dilation - g->padding;
    ptrdiff_t start = t % g->size * g->dilation - g->padding;
    cell_range rows = cells_inside(part->row, part->row_end, g->stride_y, top, g->height);
    cell_range columns = cells_inside(part->column, part->column_end, g->stride_x, start, g->width);
    vblock sum[4] = {KERNEL(load)(sums)};
    for (ptrdiff_t oy = rows.first; oy < rows.end; oy++) {
      const float *from = x + ((oy * g->stride_y + top) * g->width
          + columns.first * g->stride_x + start) * BLOCK;
      const float *gradient = dy + (oy * g->out_width + columns.first) * BLOCK;
      ptrdiff_t step = g->stride_x * BLOCK, i = columns.first;
      for (; i + 4 <= columns.end; i += 4, from += 4 * step, gradient += 4 * BLOCK) {
        UNROLL for (ptrdiff_t k = 0; k < 4; k++) {
          sum[k] += KERNEL(load)(from + k * step) * KERNEL(load)(gradient + k * BLOCK);
        }
      }
      for (; i < columns.end; i++, from += step, gradient += BLOCK) {
        sum[0] += KERNEL(load)(from) * KERNEL(load)(gradient);
      }
    }
    KERNEL(store)(sums, (sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
}

// MARK: Sums

INLINE vdouble KERNEL(load_double)(const double *x) {
  typedef double any_address __attribute__((ext_vector_type(BLOCK), aligned(8)));
  return *(const any_address *)x;
}

INLINE void KERNEL(add_double)(double *y, vblock v) {
  typedef double any_address __attribute__((ext_vector_type(BLOCK), aligned(8)));
  *(any_address *)y = KERNEL(load_double)(y) + __builtin_convertvector(v, vdouble);
}

void KERNEL(sum_blocked_f32)(const float *x, double *sums, size_t n) {
  for (size_t first = 0; first < n; first += SUM_PIXELS) {
    size_t end = n - first < SUM_PIXELS ? n : first + SUM_PIXELS, i = first;
    vblock sum[4] = {0};
    for (; i + 4 <= end; i += 4) {
      UNROLL for (size_t k = 0; k < 4; k++) sum[k] += KERNEL(load)(x + (i + k) * BLOCK);
    }
    for (; i < end; i++) sum[0] += KERNEL(load)(x + i * BLOCK);
    KERNEL(add_double)(sums, (sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
}

void KERNEL(dot_blocked_f32)(const float *x, const float *y, double *sums, size_t n) {
  for (size_t first = 0; first < n; first += SUM_PIXELS) {
    size_t end = n - first < SUM_PIXELS ? n : first + SUM_PIXELS, i = first;
    vblock sum[4] = {0};
    for (; i + 4 <= end; i += 4) {
      UNROLL for (size_t k = 0; k < 4; k++) {
        sum[k] += KERNEL(load)(x + (i + k) * BLOCK) * KERNEL(load)(y + (i + k) * BLOCK);
      }
    }
    for (; i < end; i++) sum[0] += KERNEL(load)(x + i * BLOCK) * KERNEL(load)(y + i * BLOCK);
    KERNEL(add_double)(sums, (sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
}

// MARK: Batch normalisation

void KERNEL(moments_blocked_f32)(const float *x, const float *shift, double *sums, size_t n) {
  vblock from = KERNEL(load)(shift);
  for (size_t first = 0; first < n; first += SUM_PIXELS) {
    size_t end = n - first < SUM_PIXELS ? n : first + SUM_PIXELS, i = first;
    vblock sum[4] = {0}, square[4] = {0};
    for (; i + 4 <= end; i += 4) {
      UNROLL for (size_t k = 0; k < 4; k++) {
        vblock value = KERNEL(load)(x + (i + k) * BLOCK) - from;
        sum[k] += value;
        square[k] += value * value;
      }
    }
    for (; i < end; i++) {
      vblock value = KERNEL(load)(x + i * BLOCK) - from;
      sum[0] += value;
      square[0] += value * value;
    }
    KERNEL(add_double)(sums, (sum[0] + sum[1]) + (sum[2] + sum[3]));
    KERNEL(add_double)(sums + BLOCK, (square[0] + square[1]) + (square[2] + square[3]));
  }
}

/// z = (x - mean) * factor + bias.
INLINE vblock KERNEL(normal)(const float *x, const block_normalization *b) {
  return (KERNEL(load)(x) - KERNEL(load)(b->mean)) * KERNEL(load)(b->factor)
      + KERNEL(load)(b->bias);
}

void KERNEL(normalize_blocked_f32)(
    activation act, const float *x, const block_normalization *b, float *y, size_t n) {
  bool is_short = KERNEL(is_short)(act);
  float slope = KERNEL(slope_of)(act);
  for (size_t first = 0; first < n; first += SUM_PIXELS) {
    size_t end = n - first < SUM_PIXELS ? n : first + SUM_PIXELS;
    if (is_short && slope != 1) {
      for (size_t i = first; i < end; i++) {
        KERNEL(store)(y + i * BLOCK, KERNEL(slope)(KERNEL(normal)(x + i * BLOCK, b), slope));
      }
      continue;
    }
    for (size_t i = first; i < end; i++) {
      KERNEL(store)(y + i * BLOCK, KERNEL(normal)(x + i * BLOCK, b));
    }
    float *part = y + first * BLOCK;
    if (!is_short) KERNEL(activate_f32)(act, part, part, (end - first) * BLOCK);
  }
}

/// dy * act'(z) of at most `SUM_PIXELS` pixels.
INLINE void KERNEL(before_activation)(
    activation act, const float *x, const float *dy, const block_normalization *b, float *g,
    size_t n) {
  if (KERNEL(is_short)(act)) {
    // x > 0 of the derivative, where `slope` says x < 0: at 0 the activation's is the left one.
    float slope = KERNEL(slope_of)(act);
    for (size_t i = 0; i < n * BLOCK; i += BLOCK) {
      vblock gradient = KERNEL(load)(dy + i);
      KERNEL(store)(g + i, KERNEL(normal)(x + i, b) > 0 ? gradient : gradient * slope);
    }
    return;
  }
  for (size_t i = 0; i < n * BLOCK; i += BLOCK) {
    KERNEL(store)(g + i, KERNEL(normal)(x + i, b));
  }
  KERNEL(activation_gradient_f32)(act, g, dy, g, n * BLOCK, false);
}

void KERNEL(normalize_sums_f32)(
    activation act, const float *x, const float *dy, const block_normalization *b, double *sums,
    size_t n) {
  float g[SUM_PIXELS * BLOCK];
  vblock mean = KERNEL(load)(b->mean);
  for (size_t first = 0; first < n; first += SUM_PIXELS) {
    size_t count = n - first < SUM_PIXELS ? n - first : SUM_PIXELS, i = 0;
    const float *from = x + first * BLOCK;
    KERNEL(before_activation)(act, from, dy + first * BLOCK, b, g, count);
    vblock sum[2] = {0}, product[2] = {0};
    for (; i + 2 <= count; i += 2) {
      UNROLL for (size_t k = 0; k < 2; k++) {
        vblock gradient = KERNEL(load)(g + (i + k) * BLOCK);
        sum[k] += gradient;
        product[k] += gradient * (KERNEL(load)(from + (i + k) * BLOCK) - mean);
      }
    }
    if (i < count) {
      vblock gradient = KERNEL(load)(g + i * BLOCK);
      sum[0] += gradient;
      product[0] += gradient * (KERNEL(load)(from + i * BLOCK) - mean);
    }
    KERNEL(add_double)(sums, sum[0] + sum[1]);
    KERNEL(add_double)(sums + BLOCK, product[0] + product[1]);
  }
}

void KERNEL(normalize_gradient_f32)(
    activation act, const float *x, const float *dy, const block_normalization *b,
    const float *constant, const float *along, float *dx, size_t n, bool adds) {
  float g[SUM_PIXELS * BLOCK];
  vblock mean = KERNEL(load)(b->mean), factor = KERNEL(load)(b->factor);
  vblock first_term = KERNEL(load)(constant), second = KERNEL(load)(along);
  for (size_t first = 0; first < n; first += SUM_PIXELS) {
    size_t count = n - first < SUM_PIXELS ? n - first : SUM_PIXELS;
    const float *from = x + first * BLOCK;
    float *to = dx + first * BLOCK;
    KERNEL(before_activation)(act, from, dy + first * BLOCK, b, g, count);
    for (size_t i = 0; i < count * BLOCK; i += BLOCK) {
      vblock value = KERNEL(load)(g + i) * factor + first_term;
      value += (KERNEL(load)(from + i) - mean) * second;
      KERNEL(store)(to + i, adds ? value + KERNEL(load)(to + i) : value);
    }
  }
}

// MARK: Pools and movement

void KERNEL(max_pool_gradient_f32)(
    const pool_window *w, const float *x, const float *y, const float *dy, float *dx) {
  for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
    ptrdiff_t top = oy * w->stride_y - w->top;
    ptrdiff_t first_row = top > 0 ? top : 0;
    ptrdiff_t end_row = top + w->size < w->height ? top + w->size : w->height;
    for (ptrdiff_t ox = 0; ox < w->out_width; ox++, y += BLOCK, dy += BLOCK) {
      ptrdiff_t left = ox * w->stride_x - w->left;
      ptrdiff_t first = left > 0 ? left : 0;
      ptrdiff_t end = left + w->size < w->width ? left + w->size : w->width;
      vblock most = KERNEL(load)(y), rest = KERNEL(load)(dy);
      for (ptrdiff_t row = first_row; row < end_row; row++) {
        const float *cell = x + (row * w->width + first) * BLOCK;
        float *to = dx + (row * w->width + first) * BLOCK;
        for (ptrdiff_t i = first; i < end; i++, cell += BLOCK, to += BLOCK) {
          // A gradient that has found its cell is zero from then on.
          vblock value = KERNEL(load)(cell);
          KERNEL(store)(to, KERNEL(load)(to) + (value == most ? rest : (vblock)0));
          rest = value == most ? (vblock)0 : rest;
        }
      }
    }
  }
}

void KERNEL(upsample_gradient_f32)(
    const float *dy, float *dx, size_t height, size_t width, size_t stride, float scale,
    bool adds) {
  size_t out_floats = width * stride * BLOCK;
  for (size_t row = 0; row < height; row++, dy += stride * out_floats) {
    for (size_t i = 0; i < width; i++, dx += BLOCK) {
      vblock sum = 0;
      for (size_t v = 0; v < stride; v++) {
        const float *from = dy + v * out_floats + i * stride * BLOCK;
        for (size_t u = 0; u < stride; u++) sum += KERNEL(load)(from + u * BLOCK);
      }
      sum *= scale;
      KERNEL(store)(dx, adds ? sum + KERNEL(load)(dx) : sum);
    }
  }
}

void KERNEL(competition_gradient_f32)(
    const float *x, const float *y, float *rest, float *dx, size_t n, bool adds) {
  for (size_t i = 0; i < n; i += BLOCK) {
    vblock left = KERNEL(load)(rest + i);
    vblock is_largest = KERNEL(load)(x + i) == KERNEL(load)(y + i) ? left : (vblock)0;
    KERNEL(store)(rest + i, KERNEL(load)(x + i) == KERNEL(load)(y + i) ? (vblock)0 : left);
    KERNEL(store)(dx + i, adds ? is_largest + KERNEL(load)(dx + i) : is_largest);
  }
}

#undef vdouble
