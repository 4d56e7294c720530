// Convolutions of small groups, such as depthwise ones and those of ResNeXt with 4 or 8 channels a
// group: a register multiplies as many channels by as many filters, and where blocks of filters read
// one block of channels each, nothing is multiplied by zeros.
#include "lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// What the tiles of an output row have in common.
typedef struct lane_window {
  const float *const *rows;  ///< of cells, one for each row of taps
  ptrdiff_t plane;           ///< floats from one channel's cells to the next one's
  ptrdiff_t depth;           ///< channels of a group, of all sources
  ptrdiff_t size, stride, dilation;
  const float *weights;  ///< [size][depth][size][WIDE]
  const float *bias;     ///< WIDE
  float slope, top;
} lane_window;

#define BODY "blocked/grouped_body.h"
#include "../every_tier.h"
