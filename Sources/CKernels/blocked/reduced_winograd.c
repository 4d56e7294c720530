// Winograd's convolutions whose products are of bfloat16; the transforms and the sums are of floats.
//
// Rounding the coefficients costs four to six times the error of a direct convolution of bfloat16:
// 1.0e-2 to 1.4e-2 of the output's rms against 2.3e-3, 16 to 512 channels of Gaussian numbers.
#include "../tiers.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "direct.h"

enum { POINTS = WINOGRAD_POINTS };

#define LANES 16
#define activate_f32_bf16 activate_f32_avx512
#define add_f32_bf16 add_f32_avx512

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,avx512bf16"))), apply_to = function)
#define TIER bf16
#define ELEMENTS "element_bf16_body.h"
#include "winograd_body.h"
#pragma clang attribute pop
#endif
