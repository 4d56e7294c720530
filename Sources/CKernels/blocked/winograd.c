// Winograd's convolutions F(4x4,3x3): six points a side, 36 products for 16 outputs instead of 144.
// The points 0, +-sqrt(1/2), +-sqrt(2) and infinity lose less than 0, +-1, +-2: against sums in double,
// of 64 and of 512 channels, the rms error is 0.8e-6 and 2.2e-6 of the outputs' rms, twice a direct
// convolution's in float; weights transformed in double instead of float take 1 % off it.
//
// Coefficients stand in wide registers, [36][channels / WIDE][tiles][WIDE]. One unit of filters is
// carried from its weights to its outputs while its coefficients are in the innermost caches. Its
// weights come transformed, or as they are: a chunk of them is then transformed where the products
// find it again, which costs less than to read four times the bytes from memory.
#include "direct.h"

enum { POINTS = WINOGRAD_POINTS };

#define ELEMENTS "element_f32_body.h"
#define BODY "blocked/winograd_body.h"
#include "../every_tier.h"
