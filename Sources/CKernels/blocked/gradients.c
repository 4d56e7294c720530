// Gradients of convolutions' weights: for one tap at a time, a register or two of filters times some
// channels, whose sums stay in registers over a part of the image.
#include "lanes.h"
#include "cells.h"

/// Rows of output gradients and of the input cells that one tap pairs with them.
typedef struct gradient_rows {
  const float *x, *dy;
  ptrdiff_t rows, columns;
  ptrdiff_t x_row, dy_row;   ///< floats from row to row
  ptrdiff_t x_step;          ///< floats from one input cell to the next
  ptrdiff_t x_channel;       ///< floats from channel to channel
  ptrdiff_t dy_block;        ///< floats from one block of filters to the next
  /// Sums are [channels][filters] of a unit, channels `sum_channel` floats apart.
  float *sums;
  ptrdiff_t sum_channel;
} gradient_rows;

#define BODY "blocked/gradients_body.h"
#include "../every_tier.h"
