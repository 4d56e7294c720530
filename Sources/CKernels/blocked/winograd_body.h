// Winograd's transforms of one tier.

#include "lanes_body.h"

/// B' d: 6 values `from` apart to 6 `to` apart.
INLINE void KERNEL(transform_6)(const vwide *d, const int from, vwide *t, const int to) {
  const float root = 1.41421356237309515f;
  vwide a = d[4 * from] - 2 * d[2 * from], b = d[3 * from] - 2 * d[from];
  vwide c = d[4 * from] - 0.5f * d[2 * from], f = d[3 * from] - 0.5f * d[from];
  t[0] = d[0] - 2.5f * d[2 * from] + d[4 * from];
  t[to] = a + (root / 2) * b;
  t[2 * to] = a - (root / 2) * b;
  t[3 * to] = c + root * f;
  t[4 * to] = c - root * f;
  t[5 * to] = d[from] - 2.5f * d[3 * from] + d[5 * from];
}

/// A' m: 6 values `from` apart to 4 `to` apart.
INLINE void KERNEL(transform_4)(const vwide *m, const int from, vwide *t, const int to) {
  const float root = 1.41421356237309515f;
  vwide s1 = m[from] + m[2 * from], d1 = m[from] - m[2 * from];
  vwide s2 = m[3 * from] + m[4 * from], d2 = m[3 * from] - m[4 * from];
  t[0] = m[0] + s1 + s2;
  t[to] = (root / 2) * d1 + root * d2;
  t[2 * to] = 0.5f * s1 + 2 * s2;
  t[3 * to] = (root / 4) * d1 + (2 * root) * d2 + m[5 * from];
}

INLINE void KERNEL(input_tiles)(
    const convolution_geometry *g, const float *x, const bool has_pair, ptrdiff_t tile,
    ptrdiff_t tile_end, float *v, ptrdiff_t stride) {
  ptrdiff_t across = (g->out_width + 3) / 4, plane = g->height * g->width * BLOCK;
  for (ptrdiff_t i = tile; i < tile_end; i++, v += WIDE) {
    ptrdiff_t top = i / across * 4 - g->padding, left = i % across * 4 - g->padding;
    vwide d[36], t[36];
    if (top >= 0 && left >= 0 && top + 6 <= g->height && left + 6 <= g->width) {
      UNROLL for (int j = 0; j < 6; j++) {
        const float *from = x + ((top + j) * g->width + left) * BLOCK;
        UNROLL for (int k = 0; k < 6; k++) {
          d[j * 6 + k] = KERNEL(gather_some)(from + k * BLOCK, plane, has_pair);
        }
      }
    } else {
      for (int j = 0; j < 36; j++) {
        ptrdiff_t row = top + j / 6, column = left + j % 6;
        bool inside = row >= 0 && row < g->height && column >= 0 && column < g->width;
        d[j] = inside ? KERNEL(gather_some)(x + (row * g->width + column) * BLOCK, plane, has_pair)
                      : (vwide)0;
      }
    }
    UNROLL for (int k = 0; k < 6; k++) KERNEL(transform_6)(d + k, 6, t + k, 6);
    UNROLL for (int j = 0; j < 6; j++) {
      vwide row[6];
      KERNEL(transform_6)(t + j * 6, 1, row, 1);
      UNROLL for (int k = 0; k < 6; k++) KERNEL(store_wide)(v + (j * 6 + k) * stride, row[k]);
    }
  }
}

void KERNEL(winograd_input_f32)(
    const convolution_geometry *g, const float *x, ptrdiff_t block, ptrdiff_t tile,
    ptrdiff_t tile_end, float *v, ptrdiff_t stride) {
  x += block * g->height * g->width * BLOCK;
  bool has_pair = (block + 1) * BLOCK < g->channels;
  if (has_pair) KERNEL(input_tiles)(g, x, true, tile, tile_end, v, stride);
  else KERNEL(input_tiles)(g, x, false, tile, tile_end, v, stride);
}

void KERNEL(winograd_output_f32)(
    const convolution_geometry *g, const float *m, ptrdiff_t stride, ptrdiff_t tile,
    ptrdiff_t tile_end, ptrdiff_t block, const blocked_epilogue *e, float *y) {
  ptrdiff_t across = (g->out_width + 3) / 4, plane = g->out_height * g->out_width * BLOCK;
  bool has_pair = (block + 1) * BLOCK < g->filters;
  vwide bias = KERNEL(load_wide)(e->bias + block * BLOCK);
  float slope = KERNEL(slope_of)(e->first);
  bool needs_finish = KERNEL(needs_finish)(e);
  for (ptrdiff_t i = tile; i < tile_end; i++, m += WIDE) {
    ptrdiff_t top = i / across * 4, left = i % across * 4;
    vwide t[24];
    UNROLL for (int k = 0; k < 6; k++) {
      vwide column[6];
      UNROLL for (int j = 0; j < 6; j++) column[j] = KERNEL(load_wide)(m + (j * 6 + k) * stride);
      KERNEL(transform_4)(column, 1, t + k, 6);
    }
    ptrdiff_t rows = g->out_height - top < 4 ? g->out_height - top : 4;
    ptrdiff_t columns = g->out_width - left < 4 ? g->out_width - left : 4;
    for (ptrdiff_t j = 0; j < rows; j++) {
      vwide row[4];
      KERNEL(transform_4)(t + j * 6, 1, row, 1);
      UNROLL for (int k = 0; k < 4; k++) row[k] = KERNEL(slope_wide)(row[k] + bias, slope);
      ptrdiff_t offset = block * plane + ((top + j) * g->out_width + left) * BLOCK;
      for (ptrdiff_t k = 0; k < columns; k++) {
        KERNEL(scatter_some)(y + offset + k * BLOCK, plane, has_pair, row[k]);
      }
      if (!needs_finish) continue;
      KERNEL(finish)(e, y + offset, offset, columns * BLOCK);
      if (WIDE > BLOCK && has_pair) {
        KERNEL(finish)(e, y + offset + plane, offset + plane, columns * BLOCK);
      }
    }
  }
}
