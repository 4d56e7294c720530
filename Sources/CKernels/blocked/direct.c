// Direct convolution of blocked tensors, and the products of Winograd's coefficients, which are
// convolutions of one tap.
#include "lanes.h"

#include "direct.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define ELEMENTS "element_f32_body.h"
#define BODY "blocked/direct_f32_body.h"
#include "../every_tier.h"
