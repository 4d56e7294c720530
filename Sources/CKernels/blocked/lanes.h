/// What the blocked kernel families share: tensors whose channels stand together in blocks of 8 at
/// each pixel, [channels / 8][height][width][8], the last block filled up with any finite numbers.
///
/// Eight channels are one register of AVX2, two of SSE and NEON, half of one of AVX-512. There,
/// kernels take two blocks at a time where it pays; blocks of 16 in memory would leave half of each
/// unused in networks of 4, 8 or 24 channels.
#ifndef BLOCKED_LANES_H
#define BLOCKED_LANES_H

#include "../tiers.h"

#include <float.h>
#include <string.h>

enum { BLOCK = CHANNEL_BLOCK };

#define UNROLL _Pragma("clang loop unroll(full)")

// Registers are passed between functions that are all inlined, so how a tier would pass them does
// not matter.
#pragma clang diagnostic ignored "-Wpsabi"

// The types of a tier, as `lanes_body.h` defines them.
#define vblock KERNEL(vblock)
#define vblock_at KERNEL(vblock_at)
#define vwide KERNEL(vwide)
#define vwide_at KERNEL(vwide_at)

/// The floats that a tier computes with at a time: two blocks with AVX-512, else one.
#define WIDE (LANES == 16 ? 16 : BLOCK)

#endif
