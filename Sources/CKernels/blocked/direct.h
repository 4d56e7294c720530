/// What direct convolutions of all kinds of elements share.
///
/// Their inputs and weights are words of 32 bits, whatever they hold: one float, two bfloat16 or four
/// bytes, neighbouring channels of a pixel.
#ifndef BLOCKED_DIRECT_H
#define BLOCKED_DIRECT_H

#include "lanes.h"

/// Neighbouring pixels of one unit of filters: what all their tiles have in common.
typedef struct pixel_run {
  const int32_t *offsets;  ///< words from a pixel's first cell to each tap
  ptrdiff_t taps;
  ptrdiff_t step;       ///< words from one pixel's cells to the next one's
  const float *weights;  ///< [taps][words][filters]
  const float *bias;     ///< of these filters; unused for coefficients
  const int32_t *starts;  ///< where elements are bytes: what the sums of these filters start from
  const float *scales;    ///< and what they are multiplied by
  ptrdiff_t stride;      ///< floats between blocks of the output
  /// Where the next unit's weights stand, of which each tap fetches `ahead` cache lines.
  const float *next, *next_end;
  ptrdiff_t ahead;
  float first, second;  ///< by what the activations multiply negative values, 1 for long ones
} pixel_run;

/// Floats of a cache line.
enum { LINE = 16 };

/// The part of the input that the windows of some outputs see, in cells; it may reach beyond the image.
typedef struct input_part {
  ptrdiff_t top, rows, left, width;
} input_part;

INLINE input_part part_of(
    const convolution_geometry *g, ptrdiff_t row, ptrdiff_t row_end, ptrdiff_t column,
    ptrdiff_t column_end) {
  ptrdiff_t reach = (g->size - 1) * g->dilation + 1;
  return (input_part){
    .top = row * g->stride_y - g->padding,
    .rows = (row_end - row - 1) * g->stride_y + reach,
    .left = column * g->stride_x - g->padding,
    .width = (column_end - column - 1) * g->stride_x + reach,
  };
}

/// `BLOCK` for the preprocessor.
#define BLOCK_LANES 8
_Static_assert(BLOCK == BLOCK_LANES, "kernels are written for blocks of 8 channels");

#endif
