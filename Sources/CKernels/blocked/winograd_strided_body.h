// The transforms for stride 2 of one tier.

#include "lanes_body.h"

/// B' d of the parity with two taps: 5 values `from` apart to 5 values `to` apart.
INLINE void KERNEL(transform_two_taps)(const vwide *d, const int from, vwide *t, const int to) {
  vwide a = d[3 * from] - 2.25f * d[from], b = d[2 * from] - 2.25f * d[0];
  vwide c = d[3 * from] - 0.25f * d[from], e = d[2 * from] - 0.25f * d[0];
  t[0] = a + 0.5f * b;
  t[to] = a - 0.5f * b;
  t[2 * to] = c + 1.5f * e;
  t[3 * to] = c - 1.5f * e;
  t[4 * to] = d[4 * from] - 2.5f * d[2 * from] + 0.5625f * d[0];
}

/// The same of the parity with one tap: 4 values to 4, none at infinity.
INLINE void KERNEL(transform_one_tap)(const vwide *d, const int from, vwide *t, const int to) {
  vwide a = d[3 * from] - 2.25f * d[from], b = d[2 * from] - 2.25f * d[0];
  vwide c = d[3 * from] - 0.25f * d[from], e = d[2 * from] - 0.25f * d[0];
  t[0] = a + 0.5f * b;
  t[to] = a - 0.5f * b;
  t[2 * to] = c + 1.5f * e;
  t[3 * to] = c - 1.5f * e;
}

/// A' m: 5 values `from` apart to 4 `to` apart.
INLINE void KERNEL(transform_back)(const vwide *m, const int from, vwide *t, const int to) {
  vwide s1 = m[0] + m[from], d1 = m[0] - m[from];
  vwide s2 = m[2 * from] + m[3 * from], d2 = m[2 * from] - m[3 * from];
  t[0] = s1 + s2;
  t[to] = 0.5f * d1 + 1.5f * d2;
  t[2 * to] = 0.25f * s1 + 2.25f * s2;
  t[3 * to] = 0.125f * d1 + 3.375f * d2 + m[4 * from];
}

/// Column `k` of the 9 x 9 cells that 4 x 4 outputs see, zeros outside the image: rows 0 to 4 of the
/// parity with two taps, 5 to 8 of the other, 9 apart.
INLINE void KERNEL(strided_column)(
    const convolution_geometry *g, const float *x, const bool has_pair, const bool is_inside,
    ptrdiff_t top, ptrdiff_t column, vwide *t) {
  ptrdiff_t plane = g->height * g->width * BLOCK;
  const float *cells = x + (top * g->width + column) * BLOCK;
  vwide d[9];
  UNROLL for (int j = 0; j < 9; j++) {
    bool has_cell = is_inside
        || (top + j >= 0 && top + j < g->height && column >= 0 && column < g->width);
    d[j] = has_cell ? KERNEL(gather_some)(cells + j * g->width * BLOCK, plane, has_pair) : (vwide)0;
  }
  KERNEL(transform_two_taps)(d, 2, t, 9);
  KERNEL(transform_one_tap)(d + 1, 2, t + 45, 9);
}

INLINE void KERNEL(strided_input_tiles)(
    const convolution_geometry *g, const float *x, const bool has_pair, ptrdiff_t tile,
    ptrdiff_t tile_end, float *v, ptrdiff_t stride, ptrdiff_t slot) {
  ptrdiff_t across = (g->out_width + 3) / 4;
  for (ptrdiff_t i = tile; i < tile_end; i++, v += WIDE) {
    ptrdiff_t top = i / across * 8 - g->padding, left = i % across * 8 - g->padding;
    vwide columns[81];
    if (top >= 0 && left >= 0 && top + 9 <= g->height && left + 9 <= g->width) {
      for (int k = 0; k < 9; k++) {
        KERNEL(strided_column)(g, x, has_pair, true, top, left + k, columns + k);
      }
    } else {
      for (int k = 0; k < 9; k++) {
        KERNEL(strided_column)(g, x, has_pair, false, top, left + k, columns + k);
      }
    }
    for (int j = 0; j < 9; j++) {
      vwide two[5], one[4];
      KERNEL(transform_two_taps)(columns + j * 9, 2, two, 1);
      KERNEL(transform_one_tap)(columns + j * 9 + 1, 2, one, 1);
      float *row = v + (j < 5 ? j : j - 5) * 5 * stride;
      // A coefficient has its parities one behind another: none are left out in between.
      ptrdiff_t first = j < 5 ? 0 : 2 * slot, second = j < 5 ? slot : 3 * slot;
      UNROLL for (int k = 0; k < 4; k++) {
        KERNEL(store_wide)(row + k * stride + first, two[k]);
        KERNEL(store_wide)(row + k * stride + second, one[k]);
      }
      KERNEL(store_wide)(row + 4 * stride + (j < 5 ? 0 : slot), two[4]);
    }
  }
}

void KERNEL(winograd_strided_input_f32)(
    const convolution_geometry *g, const float *x, ptrdiff_t block, ptrdiff_t tile,
    ptrdiff_t tile_end, float *v, ptrdiff_t stride, ptrdiff_t slot) {
  x += block * g->height * g->width * BLOCK;
  if ((block + 1) * BLOCK < g->channels) {
    KERNEL(strided_input_tiles)(g, x, true, tile, tile_end, v, stride, slot);
  } else {
    KERNEL(strided_input_tiles)(g, x, false, tile, tile_end, v, stride, slot);
  }
}

void KERNEL(winograd_strided_output_f32)(
    const convolution_geometry *g, const float *m, ptrdiff_t stride, ptrdiff_t tile,
    ptrdiff_t tile_end, ptrdiff_t block, const blocked_epilogue *e, float *y) {
  ptrdiff_t across = (g->out_width + 3) / 4, plane = g->out_height * g->out_width * BLOCK;
  bool has_pair = (block + 1) * BLOCK < g->filters;
  vwide bias = KERNEL(load_wide)(e->bias + block * BLOCK);
  float slope = KERNEL(slope_of)(e->first);
  bool needs_finish = KERNEL(needs_finish)(e);
  for (ptrdiff_t i = tile; i < tile_end; i++, m += WIDE) {
    ptrdiff_t top = i / across * 4, left = i % across * 4;
    vwide t[20];
    UNROLL for (int k = 0; k < 5; k++) {
      vwide column[5];
      UNROLL for (int j = 0; j < 5; j++) column[j] = KERNEL(load_wide)(m + (j * 5 + k) * stride);
      KERNEL(transform_back)(column, 1, t + k, 5);
    }
    ptrdiff_t rows = g->out_height - top < 4 ? g->out_height - top : 4;
    ptrdiff_t columns = g->out_width - left < 4 ? g->out_width - left : 4;
    for (ptrdiff_t j = 0; j < rows; j++) {
      vwide row[4];
      KERNEL(transform_back)(t + j * 5, 1, row, 1);
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
