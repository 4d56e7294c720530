// Kernels over tensors whose channels stand together in blocks of 8 at each pixel:
// [channels / 8][height][width][8], the last block filled up with zeros.
//
// One block is one AVX2 register, two of SSE and NEON. Blocks of 16 would suit AVX-512, but half of
// each would be filling in networks of 4, 8 or 24 channels, and Zen 4 does no more work with them.
#include "tiers.h"

#include <float.h>
#include <string.h>

enum { BLOCK = CHANNEL_BLOCK };

#define UNROLL _Pragma("clang loop unroll(full)")

// Registers are passed between functions that are all inlined, so how a tier would pass them does
// not matter.
#pragma clang diagnostic ignored "-Wpsabi"

#define BODY "blocked_body.h"
#include "every_tier.h"
