// The transforms of Winograd's convolutions F(4x4,3x3), with the points 0, +-sqrt(1/2), +-sqrt(2) and
// infinity, which lose less than 0, +-1, +-2. The products between them are `direct.c`'s.
//
// Coefficients stand in wide registers, [36][channels / WIDE][tiles][WIDE].
#include "lanes.h"

#define BODY "blocked/winograd_body.h"
#include "../every_tier.h"
