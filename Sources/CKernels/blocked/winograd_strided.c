// The transforms of Winograd's convolution for stride 2: F(4x4,3x3) out of F(4x4,2x2).
//
// A kernel of 3 x 3 with stride 2 is four kernels with stride 1, one for each parity of row and
// column: 2 x 2, 2 x 1, 1 x 2 and 1 x 1 taps over a quarter of the cells each. With the taps filled up
// to 2 x 2 all four have the same 25 coefficients, so that their products are summed before one way
// back, as if they were four times the channels; and where a parity has one tap, its coefficients at
// infinity are 0 and left out: 81 products for 16 outputs instead of 144.
//
// The points are +-1/2, +-3/2 and infinity: their error is about 1.7 times that of direct sums
// (256 channels of Gaussian numbers: 1.0e-5 of the output's rms at most, direct 5.8e-6).
#include "lanes.h"

#define BODY "blocked/winograd_strided_body.h"
#include "../every_tier.h"
