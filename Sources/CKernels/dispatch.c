// Which instruction sets this machine has, and the table of each.
#include "tiers.h"

#include <stdatomic.h>

#define TABLE(tier, instruction_set)                          \
  static const kernel_table table_##tier = {                  \
    .isa = instruction_set,                                   \
    .wide = instruction_set == ISA_AVX512 ? 16 : CHANNEL_BLOCK, \
    .unit_blocks = instruction_set == ISA_AVX512 ? 4 : 2,     \
    .activate = activate_f32_##tier,                          \
    .scale_bias_activate = scale_bias_activate_f32_##tier,    \
    .exponential = exponential_f32_##tier,                    \
    .add = add_f32_##tier,                                    \
    .multiply = multiply_f32_##tier,                          \
    .add_scaled = add_scaled_f32_##tier,                      \
    .scale_channels = scale_channels_f32_##tier,              \
    .channel_means = channel_means_f32_##tier,                \
    .max_pool = max_pool_f32_##tier,                          \
    .average_pool = average_pool_f32_##tier,                  \
    .upsample = upsample_f32_##tier,                          \
    .maxout = maxout_f32_##tier,                              \
    .im2col = im2col_f32_##tier,                              \
    .depthwise = depthwise_f32_##tier,                        \
    .convolve_blocked = convolve_blocked_f32_##tier,          \
    .convolve_planar = convolve_planar_f32_##tier,            \
    .winograd_input = winograd_input_f32_##tier,              \
    .winograd_weights = winograd_weights_f32_##tier,          \
    .winograd_filters = winograd_filters_f32_##tier,          \
    .multiply_coefficients = multiply_coefficients_f32_##tier, \
    .winograd_strided_input = winograd_strided_input_f32_##tier, \
    .winograd_strided_output = winograd_strided_output_f32_##tier, \
    .convolve_grouped = convolve_grouped_f32_##tier,          \
    .max_pool_blocked = max_pool_blocked_f32_##tier,          \
    .mean_blocked = mean_blocked_f32_##tier,                  \
    .scale_blocked = scale_blocked_f32_##tier,                \
    .larger_blocked = larger_blocked_f32_##tier,              \
    .upsample_blocked = upsample_blocked_f32_##tier,          \
    .add_scaled_blocked = add_scaled_blocked_f32_##tier,      \
    .pack_blocked = pack_blocked_f32_##tier,                  \
    .unpack_blocked = unpack_blocked_f32_##tier,              \
    .weight_gradient = weight_gradient_f32_##tier,            \
    .depthwise_gradient = depthwise_gradient_f32_##tier,      \
    .fold_blocked = fold_blocked_f32_##tier,                  \
    .activation_gradient = activation_gradient_f32_##tier,    \
    .sum_blocked = sum_blocked_f32_##tier,                    \
    .dot_blocked = dot_blocked_f32_##tier,                    \
    .moments_blocked = moments_blocked_f32_##tier,            \
    .normalize_blocked = normalize_blocked_f32_##tier,        \
    .normalize_sums = normalize_sums_f32_##tier,              \
    .normalize_gradient = normalize_gradient_f32_##tier,      \
    .max_pool_gradient = max_pool_gradient_f32_##tier,        \
    .upsample_gradient = upsample_gradient_f32_##tier,        \
    .competition_gradient = competition_gradient_f32_##tier,  \
    .peak_f32 = peak_f32_##tier,                              \
    .peak_bf16 = peak_bf16_##tier,                            \
    .peak_int8 = peak_int8_##tier,                            \
    .read_bytes = read_bytes_##tier,                          \
    .write_bytes = write_bytes_##tier,                        \
  }

#if defined(__aarch64__)
TABLE(baseline, ISA_NEON);
#else
TABLE(baseline, ISA_BASELINE);
#endif

#if defined(__x86_64__)
TABLE(avx2, ISA_AVX2);
TABLE(avx512, ISA_AVX512);

bool kernels_supports_isa(instruction_set isa) {
  switch (isa) {
  case ISA_BASELINE: return true;
  case ISA_NEON: return false;
  case ISA_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case ISA_AVX512:
    return kernels_supports_isa(ISA_AVX2) && __builtin_cpu_supports("avx512f")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx512vl");
  }
}

const kernel_table *kernels_up_to(instruction_set isa) {
  if (isa >= ISA_AVX512 && kernels_supports_isa(ISA_AVX512)) return &table_avx512;
  if (isa >= ISA_AVX2 && kernels_supports_isa(ISA_AVX2)) return &table_avx2;
  return &table_baseline;
}
#else
bool kernels_supports_isa(instruction_set isa) {
  return isa == ISA_BASELINE || isa == table_baseline.isa;
}

const kernel_table *kernels_up_to(instruction_set isa) {
  (void)isa;
  return &table_baseline;
}
#endif

instruction_set kernels_detected_isa(void) { return kernels_up_to(ISA_AVX512)->isa; }

/// Null until the first use.
static _Atomic(const kernel_table *) current;

void kernels_limit_isa(instruction_set isa) {
  atomic_store_explicit(&current, kernels_up_to(isa), memory_order_relaxed);
}

const kernel_table *kernels_current(void) {
  const kernel_table *table = atomic_load_explicit(&current, memory_order_relaxed);
  if (table) return table;
  // A limit set meanwhile by another thread stays.
  const kernel_table *best = kernels_up_to(ISA_AVX512);
  return atomic_compare_exchange_strong(&current, &table, best) ? best : table;
}

const reduced_table *kernels_reduced(reduced_element element) {
#if defined(__x86_64__)
  if (kernels_current()->isa < ISA_AVX512) return NULL;
  switch (element) {
  case ELEMENT_BF16: return __builtin_cpu_supports("avx512bf16") ? &reduced_table_bf16 : NULL;
  case ELEMENT_INT8: return __builtin_cpu_supports("avx512vnni") ? &reduced_table_int8 : NULL;
  }
#endif
  (void)element;
  return NULL;
}
