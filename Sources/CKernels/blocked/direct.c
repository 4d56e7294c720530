// Direct convolution of blocked tensors, and the products of Winograd's coefficients, which are
// convolutions of one tap.
#include "lanes.h"

/// Neighbouring pixels of one unit of filters: what all their tiles have in common.
typedef struct pixel_run {
  const int32_t *offsets;  ///< floats from a pixel's first cell to each tap
  ptrdiff_t taps;
  ptrdiff_t step;       ///< floats from one pixel's cells to the next one's
  const float *weights;  ///< [taps][lanes][filters]
  const float *bias;     ///< of these filters; unused for coefficients
  ptrdiff_t stride;      ///< floats between blocks of the output
  /// Where the next unit's weights stand, of which each tap fetches `ahead` cache lines.
  const float *next, *next_end;
  ptrdiff_t ahead;
  float first, second;  ///< by what the activations multiply negative values, 1 for long ones
} pixel_run;

/// Floats of a cache line.
enum { LINE = 16 };

/// `BLOCK` for the preprocessor.
#define BLOCK_LANES 8
_Static_assert(BLOCK == BLOCK_LANES, "kernels are written for blocks of 8 channels");

#define BODY "blocked/direct_body.h"
#include "../every_tier.h"
