// Direct convolution of floats.

#include "direct_body.h"

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
  input_part part = part_of(g, row, row_end, column, column_end);
  int32_t *offsets = scratch;
  const float *cells = x + ((first * g->height + part.top) * g->width + part.left) * lanes;
  ptrdiff_t row_floats = g->width * lanes, block_floats = g->height * row_floats;
  if (blocked_needs_halo(g)) {
    ptrdiff_t table = ((end - first) * g->size * g->size + 15) / 16 * 16;
    float *strip = (float *)(offsets + table);
    KERNEL(copy_strip)(g, &part, x, lanes, first, end, NULL, strip);
    cells = strip;
    row_floats = part.width * lanes;
    block_floats = part.rows * row_floats;
  }
  KERNEL(convolve_cells)(g, planar, units, unit_count, cells, first, end, row_floats, block_floats,
      NULL, weights, e, y, row, row_end, column, column_end, offsets);
}

void KERNEL(multiply_coefficients_f32)(
    const filter_unit *units, size_t unit_count, const float *v, ptrdiff_t room,
    const float *weights, float *m, ptrdiff_t tiles, int32_t *offsets) {
  KERNEL(multiply)(units, unit_count, v, room, weights, m, tiles, offsets);
}
