// Winograd's convolutions of one tier and one kind of element; ELEMENTS names the file of the latter.

#include "lanes_body.h"
#include ELEMENTS

/// The words of as many coefficients as a wide register holds floats.
#define WIDE_WORDS (WIDE / BLOCK_LANES * CELL_WORDS)

#include "winograd_product.h"

#define ROOT 1.41421356237309505f

// MARK: The transforms of one dimension: values `from` apart to values `to` apart

/// B' d: 6 cells to 6 points.
INLINE void KERNEL(cells_to_points)(const vwide *d, const int from, vwide *t, const int to) {
  vwide a = d[4 * from] - 2 * d[2 * from], b = d[3 * from] - 2 * d[from];
  vwide c = d[4 * from] - 0.5f * d[2 * from], f = d[3 * from] - 0.5f * d[from];
  t[0] = d[0] - 2.5f * d[2 * from] + d[4 * from];
  t[to] = a + (ROOT / 2) * b;
  t[2 * to] = a - (ROOT / 2) * b;
  t[3 * to] = c + ROOT * f;
  t[4 * to] = c - ROOT * f;
  t[5 * to] = d[from] - 2.5f * d[3 * from] + d[5 * from];
}

/// G g: 3 taps to 6 points.
INLINE void KERNEL(taps_to_points)(const vwide *g, const int from, vwide *t, const int to) {
  vwide even = (g[0] + 0.5f * g[2 * from]) * (-2.0f / 3);
  vwide outer = g[0] * (1.0f / 6) + g[2 * from] * (1.0f / 3);
  t[0] = g[0];
  t[to] = even - g[from] * (ROOT / 3);
  t[2 * to] = even + g[from] * (ROOT / 3);
  t[3 * to] = outer + g[from] * (ROOT / 6);
  t[4 * to] = outer - g[from] * (ROOT / 6);
  t[5 * to] = g[2 * from];
}

/// A' m: 6 points to 4 outputs.
INLINE void KERNEL(points_to_outputs)(const vwide *m, const int from, vwide *t, const int to) {
  vwide s1 = m[from] + m[2 * from], d1 = m[from] - m[2 * from];
  vwide s2 = m[3 * from] + m[4 * from], d2 = m[3 * from] - m[4 * from];
  t[0] = m[0] + s1 + s2;
  t[to] = (ROOT / 2) * d1 + ROOT * d2;
  t[2 * to] = 0.5f * s1 + 2 * s2;
  t[3 * to] = (ROOT / 4) * d1 + (2 * ROOT) * d2 + m[5 * from];
}

// MARK: Input

/// The points of one tile from its 6 x 6 cells, `inside` the image or partly outside.
///
/// - Parameter pair: floats to the second block of a wide register.
INLINE void KERNEL(input_tile)(
    const convolution_geometry *g, const float *x, ptrdiff_t pair, ptrdiff_t top, ptrdiff_t left,
    const bool inside, float *v, ptrdiff_t stride) {
  ptrdiff_t row = g->width * BLOCK;
  vwide t[36];
  UNROLL for (int k = 0; k < 6; k++) {
    const float *from = x + top * row + (left + k) * BLOCK;
    vwide d[6];
    if (!inside && (left + k < 0 || left + k >= g->width)) {
      UNROLL for (int j = 0; j < 6; j++) t[j * 6 + k] = 0;
      continue;
    }
    UNROLL for (int j = 0; j < 6; j++) {
      bool exists = inside || (top + j >= 0 && top + j < g->height);
      d[j] = exists ? KERNEL(gather)(from + j * row, pair) : (vwide)0;
    }
    KERNEL(cells_to_points)(d, 1, t + k, 6);
  }
  UNROLL for (int j = 0; j < 6; j++, v += 6 * stride) {
    vwide points[6];
    KERNEL(cells_to_points)(t + j * 6, 1, points, 1);
    UNROLL for (int k = 0; k < 6; k++) KERNEL(put_wide)(v + k * stride, points[k]);
  }
}

void KERNEL(winograd_input_f32)(
    const convolution_geometry *g, const float *x, ptrdiff_t block, ptrdiff_t tile,
    ptrdiff_t tile_end, float *v, ptrdiff_t stride) {
  ptrdiff_t across = (g->out_width + 3) / 4, plane = g->height * g->width * BLOCK;
  x += block * plane;
  // Where there is no second block, the first stands for it: its weights are zero.
  ptrdiff_t pair = (block + 1) * BLOCK < g->channels ? plane : 0;
  ptrdiff_t top = tile / across * 4 - g->padding, left = tile % across * 4 - g->padding;
  for (; tile < tile_end; tile++, v += WIDE_WORDS) {
    if (top >= 0 && left >= 0 && top + 6 <= g->height && left + 6 <= g->width) {
      KERNEL(input_tile)(g, x, pair, top, left, true, v, stride);
    } else {
      KERNEL(input_tile)(g, x, pair, top, left, false, v, stride);
    }
    left += 4;
    if (left < across * 4 - g->padding) continue;
    left = -g->padding;
    top += 4;
  }
}

// MARK: Weights

void KERNEL(winograd_weights_f32)(
    const float *w, ptrdiff_t channels, ptrdiff_t filters, float *u, ptrdiff_t stride) {
  for (ptrdiff_t c = 0; c < channels; c++, w += 9 * filters, u += filters) {
    for (ptrdiff_t lane = 0; lane < filters; lane += WIDE) {
      vwide g[9], t[18];
      UNROLL for (int tap = 0; tap < 9; tap++) g[tap] = KERNEL(load_wide)(w + tap * filters + lane);
      UNROLL for (int k = 0; k < 3; k++) KERNEL(taps_to_points)(g + k, 3, t + k, 3);
      float *to = u + lane;
      UNROLL for (int j = 0; j < 6; j++, to += 6 * stride) {
        vwide points[6];
        KERNEL(taps_to_points)(t + j * 3, 1, points, 1);
        UNROLL for (int k = 0; k < 6; k++) KERNEL(store_wide)(to + k * stride, points[k]);
      }
    }
  }
}

// MARK: Output

/// What follows the sums of a tile: short activations, those and a residual, a pool and one, or
/// anything, which goes through memory once.
enum KERNEL(ending) {
  KERNEL(SHORT), KERNEL(SHORT_WITH_RESIDUAL), KERNEL(POOLED), KERNEL(LONG)
};

/// The blocks of a wide register; where there is no second one, the first is stored last.
INLINE void KERNEL(put_cell)(float *y, ptrdiff_t pair, vwide v) {
#if LANES == 16
  KERNEL(store)(y + pair, v.hi);
  KERNEL(store)(y, v.lo);
#else
  (void)pair;
  KERNEL(store)(y, v);
#endif
}

/// One tile's outputs, of which `rows` x `columns` exist.
///
/// - Parameters:
///   - m: the first of the tile's points, `stride` floats apart.
///   - y: the first output of the image that `residual` has the layout of, or the first pooled one.
INLINE void KERNEL(output_tile)(
    const float *m, ptrdiff_t stride, vwide bias, const blocked_epilogue *e,
    const enum KERNEL(ending) ending, float *y, const float *residual, ptrdiff_t row,
    ptrdiff_t pair, ptrdiff_t rows, ptrdiff_t columns) {
  float first = KERNEL(slope_of)(e->first), second = KERNEL(slope_of)(e->second);
  vwide t[24], cells[16];
  UNROLL for (int k = 0; k < 6; k++) {
    vwide points[6];
    UNROLL for (int j = 0; j < 6; j++) points[j] = KERNEL(load_wide)(m + (j * 6 + k) * stride);
    KERNEL(points_to_outputs)(points, 1, t + k, 6);
  }
  UNROLL for (int j = 0; j < 4; j++) {
    KERNEL(points_to_outputs)(t + j * 6, 1, cells + j * 4, 1);
    UNROLL for (int k = 0; k < 4; k++) cells[j * 4 + k] += bias;
  }
  if (ending == KERNEL(LONG)) {
    float *values = (float *)cells;
    KERNEL(activate_f32)(e->first, values, values, 16 * WIDE);
    if (residual) {
      for (int i = 0; i < 16; i++) {
        if (i / 4 >= rows || i % 4 >= columns) continue;
        cells[i] += KERNEL(gather)(residual + i / 4 * row + i % 4 * BLOCK, pair);
      }
      KERNEL(activate_f32)(e->second, values, values, 16 * WIDE);
    }
  }
  if (ending == KERNEL(POOLED)) {
    UNROLL for (int i = 0; i < 4; i++) {
      if (i / 2 * 2 >= rows || i % 2 * 2 >= columns) continue;
      const vwide *above = cells + i / 2 * 8 + i % 2 * 2, *below = above + 4;
      vwide most = KERNEL(larger_wide)(above[0], (vwide)-FLT_MAX);
      most = KERNEL(larger_wide)(above[1], most);
      most = KERNEL(larger_wide)(below[0], most);
      most = KERNEL(slope_wide)(KERNEL(larger_wide)(below[1], most), first);
      KERNEL(put_cell)(y + i / 2 * row + i % 2 * BLOCK, pair, most);
    }
    return;
  }
  UNROLL for (int j = 0; j < 4; j++) {
    if (j >= rows) return;
    UNROLL for (int k = 0; k < 4; k++) {
      if (k >= columns) break;
      vwide cell = cells[j * 4 + k];
      if (ending != KERNEL(LONG)) cell = KERNEL(slope_wide)(cell, first);
      if (ending == KERNEL(SHORT_WITH_RESIDUAL)) {
        cell += KERNEL(gather)(residual + j * row + k * BLOCK, pair);
        cell = KERNEL(slope_wide)(cell, second);
      }
      KERNEL(put_cell)(y + j * row + k * BLOCK, pair, cell);
    }
  }
}

INLINE void KERNEL(output_tiles)(
    const convolution_geometry *g, const float *m, ptrdiff_t stride, ptrdiff_t tile,
    ptrdiff_t count, ptrdiff_t block, const blocked_epilogue *e, const enum KERNEL(ending) ending,
    float *y) {
  ptrdiff_t pooled = ending == KERNEL(POOLED) ? 2 : 1;
  ptrdiff_t across = (g->out_width + 3) / 4, row = g->out_width / pooled * BLOCK;
  ptrdiff_t plane = g->out_height / pooled * row;
  ptrdiff_t pair = (block + 1) * BLOCK < g->filters ? plane : 0;
  vwide bias = KERNEL(load_wide)(e->bias + block * BLOCK);
  ptrdiff_t top = tile / across * 4, left = tile % across * 4;
  for (ptrdiff_t i = 0; i < count; i++, m += WIDE) {
    ptrdiff_t rows = g->out_height - top, columns = g->out_width - left;
    ptrdiff_t start = block * plane + top / pooled * row + left / pooled * BLOCK;
    const float *residual = e->residual ? e->residual + start : NULL;
    if (rows >= 4 && columns >= 4) {
      KERNEL(output_tile)(m, stride, bias, e, ending, y + start, residual, row, pair, 4, 4);
    } else {
      KERNEL(output_tile)(
          m, stride, bias, e, ending, y + start, residual, row, pair, rows, columns);
    }
    left += 4;
    if (left < g->out_width) continue;
    left = 0;
    top += 4;
  }
}

/// The outputs of `count` tiles at the `WIDE` filters from `block` on.
static void KERNEL(winograd_output)(
    const convolution_geometry *g, const float *m, ptrdiff_t stride, ptrdiff_t tile,
    ptrdiff_t count, ptrdiff_t block, const blocked_epilogue *e, float *y) {
  bool is_short = KERNEL(is_short)(e->first) && (!e->residual || KERNEL(is_short)(e->second));
  if (e->is_pooled) {
    KERNEL(output_tiles)(g, m, stride, tile, count, block, e, KERNEL(POOLED), y);
  } else if (!is_short) {
    KERNEL(output_tiles)(g, m, stride, tile, count, block, e, KERNEL(LONG), y);
  } else if (e->residual) {
    KERNEL(output_tiles)(g, m, stride, tile, count, block, e, KERNEL(SHORT_WITH_RESIDUAL), y);
  } else {
    KERNEL(output_tiles)(g, m, stride, tile, count, block, e, KERNEL(SHORT), y);
  }
}

// MARK: One unit of filters

void KERNEL(winograd_filters_f32)(
    const convolution_geometry *g, const winograd_part *part, const blocked_epilogue *e, float *y) {
  ptrdiff_t depth = (g->channels + WIDE - 1) / WIDE * WIDE, filters = part->unit->width * BLOCK;
  ptrdiff_t chunk = part->transformed ? depth : WINOGRAD_CHUNK;
  ptrdiff_t vectors = filters / WIDE, m_stride = vectors * part->count * WIDE + WINOGRAD_GAP;
  float *m = part->scratch;
  for (ptrdiff_t c = 0; c < depth; c += chunk) {
    ptrdiff_t channels = depth - c < chunk ? depth - c : chunk;
    const float *u = part->weights;
    ptrdiff_t u_stride = channels / WIDE * WIDE_WORDS * filters + WINOGRAD_GAP;
    const float *next = NULL;
    if (!part->transformed) {
      const float *w = part->weights + c * 9 * filters;
      float *room = m + POINTS * m_stride;
      KERNEL(winograd_weights_f32)(w, channels, filters, room, u_stride);
      u = room;
      next = w + channels * 9 * filters;
    }
    for (int point = 0; point < POINTS; point++) {
      // The chunk after this one, a part before each product.
      ptrdiff_t ahead = next ? channels * 9 * filters / POINTS : 0;
      for (ptrdiff_t i = 0; i < ahead; i += 16) __builtin_prefetch(next + point * ahead + i);
      KERNEL(multiply_point)(
          vectors, part->v + point * part->stride + c / WIDE * WIDE_WORDS * part->room,
          part->room * WIDE_WORDS,
          channels / WIDE, u + point * u_stride, m + point * m_stride, part->count, c > 0);
    }
  }
  for (ptrdiff_t i = 0; i < vectors; i++) {
    KERNEL(winograd_output)(g, m + i * part->count * WIDE, m_stride, part->tile, part->count,
        part->unit->output_block + i * (WIDE / BLOCK), e, y);
  }
}

#undef ROOT
#undef WIDE_WORDS
