// What a convolution needs beside a matrix product: im2col, and the depthwise case, for which a
// matrix product has nothing to reuse.
#include "tiers.h"

#include <string.h>

/// The stack that `depthwise` unfolds input rows into: 64 KB.
enum { STRIP_FLOATS = 16 * 1024 };
/// The largest kernel `depthwise` is made for; beyond it the reference loop serves.
enum { DEPTHWISE_SIZE = 31 };

#define BODY "convolution_body.h"
#include "every_tier.h"
