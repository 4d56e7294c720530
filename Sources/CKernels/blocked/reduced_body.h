// Direct convolution of elements that are narrower than floats.

#include "direct_body.h"

static void KERNEL(convert)(
    const convolution_geometry *g, const float *x, const quantization *q, ptrdiff_t block,
    ptrdiff_t block_end, ptrdiff_t row, ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end,
    void *strip) {
  input_part part = part_of(g, row, row_end, column, column_end);
  ptrdiff_t size = part.rows * part.width * BLOCK;
  KERNEL(copy_strip)(
      g, &part, x, BLOCK, block, block_end, q, (KERNEL(element) *)strip + block * size);
}

static void KERNEL(convolve)(
    const convolution_geometry *g, const filter_unit *units, size_t unit_count, const void *strip,
    const quantization *q, const void *weights, const blocked_epilogue *e, float *y,
    ptrdiff_t row, ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end, int32_t *offsets) {
  input_part part = part_of(g, row, row_end, column, column_end);
  ptrdiff_t row_words = part.width * CELL_WORDS;
  KERNEL(convolve_cells)(g, false, units, unit_count, strip, 0, (g->channels + BLOCK - 1) / BLOCK,
      row_words, part.rows * row_words, q, weights, e, y, row, row_end, column, column_end, offsets);
}
