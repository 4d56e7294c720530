// The depthwise kernels of one tier.

#include "lanes_body.h"

// MARK: Depthwise

/// `pixels` outputs whose windows lie inside the row, or one that is cut to taps [left, right).
INLINE void KERNEL(depthwise_tile)(
    const int pixels, const float *x, ptrdiff_t row_floats, ptrdiff_t step, ptrdiff_t dilation,
    ptrdiff_t size, ptrdiff_t top, ptrdiff_t bottom, ptrdiff_t left, ptrdiff_t right,
    const float *weights, vblock bias, float slope, float *y) {
  vblock sum[8];
  UNROLL for (int p = 0; p < pixels; p++) sum[p] = bias;
  for (ptrdiff_t ky = top; ky < bottom; ky++) {
    for (ptrdiff_t kx = left; kx < right; kx++) {
      vblock weight = KERNEL(load)(weights + (ky * size + kx) * BLOCK);
      const float *cells = x + ky * dilation * row_floats + kx * dilation * BLOCK;
      UNROLL for (int p = 0; p < pixels; p++) {
        sum[p] += KERNEL(load)(cells + p * step) * weight;
      }
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) {
    KERNEL(store)(y + p * BLOCK, KERNEL(slope)(sum[p], slope));
  }
}

/// The first tap at or after cell 0, and the first at or after cell `extent`, of a window that
/// starts at `start`.
INLINE ptrdiff_t KERNEL(tap_at)(ptrdiff_t start, ptrdiff_t cell, ptrdiff_t dilation, ptrdiff_t size) {
  ptrdiff_t tap = start < cell ? (cell - start + dilation - 1) / dilation : 0;
  return tap < size ? tap : size;
}

INLINE void KERNEL(depthwise_row)(
    const convolution_geometry *g, const float *x, const float *weights, vblock bias, float slope,
    ptrdiff_t oy, const ptrdiff_t size, const ptrdiff_t stride, float *y) {
  enum { PIXELS = LANES == 4 ? 4 : 8 };
  ptrdiff_t start = oy * g->stride_y - g->padding, row_floats = g->width * BLOCK;
  ptrdiff_t top = KERNEL(tap_at)(start, 0, g->dilation, size);
  ptrdiff_t bottom = KERNEL(tap_at)(start, g->height, g->dilation, size);
  ptrdiff_t reach = (size - 1) * g->dilation, step = stride * BLOCK;
  const float *rows = x + start * row_floats;
  for (ptrdiff_t ox = 0; ox < g->out_width;) {
    ptrdiff_t column = ox * stride - g->padding;
    const float *cells = rows + column * BLOCK;
    ptrdiff_t last = column + (PIXELS - 1) * stride + reach;
    if (column >= 0 && ox + PIXELS <= g->out_width && last < g->width) {
      KERNEL(depthwise_tile)(PIXELS, cells, row_floats, step, g->dilation, size, top, bottom, 0,
          size, weights, bias, slope, y + ox * BLOCK);
      ox += PIXELS;
    } else {
      ptrdiff_t left = KERNEL(tap_at)(column, 0, g->dilation, size);
      ptrdiff_t right = KERNEL(tap_at)(column, g->width, g->dilation, size);
      KERNEL(depthwise_tile)(1, cells, row_floats, step, g->dilation, size, top, bottom, left,
          right, weights, bias, slope, y + ox * BLOCK);
      ox++;
    }
  }
}

void KERNEL(depthwise_blocked_f32)(
    const convolution_geometry *g, const float *x, const float *weights,
    const blocked_epilogue *e, float *y, ptrdiff_t block, ptrdiff_t row, ptrdiff_t row_end) {
  x += block * g->height * g->width * BLOCK;
  weights += block * g->size * g->size * BLOCK;
  vblock bias = KERNEL(load)(e->bias + block * BLOCK);
  float slope = KERNEL(slope_of)(e->first);
  for (ptrdiff_t oy = row; oy < row_end; oy++) {
    ptrdiff_t offset = (block * g->out_height + oy) * g->out_width * BLOCK;
    float *to = y + offset;
    if (g->size == 3 && g->stride_x == 1) {
      KERNEL(depthwise_row)(g, x, weights, bias, slope, oy, 3, 1, to);
    } else if (g->size == 3 && g->stride_x == 2) {
      KERNEL(depthwise_row)(g, x, weights, bias, slope, oy, 3, 2, to);
    } else {
      KERNEL(depthwise_row)(g, x, weights, bias, slope, oy, g->size, g->stride_x, to);
    }
    if (KERNEL(needs_finish)(e)) KERNEL(finish)(e, to, offset, g->out_width * BLOCK);
  }
}

