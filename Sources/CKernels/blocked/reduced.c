// Direct convolution of bfloat16 and of bytes, which AVX-512 multiplies two and four at a time.
//
// Tensors stay floats in memory: a strip is converted once, when it is copied for its windows, and
// all filters pass over it.
#include "../tiers.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "direct.h"

#define LANES 16

// What is done in floats is done by the tier below.
#define activate_f32_bf16 activate_f32_avx512
#define add_f32_bf16 add_f32_avx512
#define activate_f32_int8 activate_f32_avx512
#define add_f32_int8 add_f32_avx512

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,avx512bf16"))), apply_to = function)
#define TIER bf16
#define ELEMENTS "element_bf16_body.h"
#include "reduced_body.h"

const reduced_table reduced_table_bf16 = {
  .element = ELEMENT_BF16,
  .word_channels = 2,
  .convert = convert_bf16,
  .convolve = convolve_bf16,
  .winograd_input = winograd_input_f32_bf16,
  .winograd_filters = winograd_filters_f32_bf16,
};

#undef TIER
#undef ELEMENTS
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,avx512vnni"))), apply_to = function)
#define TIER int8
#define ELEMENTS "element_int8_body.h"
#include "reduced_body.h"

const reduced_table reduced_table_int8 = {
  .element = ELEMENT_INT8,
  .word_channels = 4,
  .convert = convert_int8,
  .convolve = convolve_int8,
};

#undef TIER
#undef ELEMENTS
#pragma clang attribute pop
#endif

