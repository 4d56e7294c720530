/// What the kernel families and the dispatch share: the functions of every tier.
#ifndef TIERS_H
#define TIERS_H

#include "CKernels.h"

#define JOIN_(a, b) a##_##b
#define JOIN(a, b) JOIN_(a, b)
/// The function of this name in the tier being compiled: `add_f32` -> `add_f32_avx2`.
#define KERNEL(name) JOIN(name, TIER)
#define INLINE static inline __attribute__((always_inline))

#define DECLARE_TIER(tier)                                                                       \
  void activate_f32_##tier(activation, const float *_Nonnull, float *_Nonnull, size_t);          \
  void scale_bias_activate_f32_##tier(activation, const float *_Nonnull, size_t,                 \
      float *_Nonnull, size_t, const float *_Nullable, const float *_Nullable, size_t, size_t);  \
  void exponential_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t);                   \
  void add_f32_##tier(const float *_Nonnull, const float *_Nonnull, float *_Nonnull, size_t);    \
  void multiply_f32_##tier(                                                                      \
      const float *_Nonnull, const float *_Nonnull, float *_Nonnull, size_t);                    \
  void add_scaled_f32_##tier(float, const float *_Nonnull, float *_Nonnull, size_t);             \
  void scale_channels_f32_##tier(                                                                \
      const float *_Nonnull, const float *_Nonnull, float *_Nonnull, size_t, size_t);            \
  void channel_means_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t, size_t);         \
  void max_pool_f32_##tier(                                                                      \
      const pool_window *_Nonnull, const float *_Nonnull, float *_Nonnull, ptrdiff_t, ptrdiff_t); \
  void average_pool_f32_##tier(                                                                  \
      const pool_window *_Nonnull, const float *_Nonnull, float *_Nonnull, ptrdiff_t, ptrdiff_t); \
  void upsample_f32_##tier(                                                                      \
      const float *_Nonnull, float *_Nonnull, size_t, size_t, size_t, size_t, float);            \
  void maxout_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t, size_t, size_t);        \
  void im2col_f32_##tier(const convolution_geometry *_Nonnull, const float *_Nonnull, ptrdiff_t, \
      ptrdiff_t, ptrdiff_t, ptrdiff_t, float *_Nonnull, size_t);                                 \
  void depthwise_f32_##tier(const convolution_geometry *_Nonnull, const float *_Nonnull,         \
      const float *_Nonnull, float *_Nonnull, ptrdiff_t, ptrdiff_t);                             \
  void convolve_blocked_f32_##tier(const convolution_geometry *_Nonnull, bool, const             \
      filter_unit *_Nonnull, size_t, const float *_Nonnull, const float *_Nonnull, const         \
      blocked_epilogue *_Nonnull, float *_Nonnull, ptrdiff_t, ptrdiff_t, ptrdiff_t,              \
      ptrdiff_t, void *_Nonnull);                                                                \
  void convolve_planar_f32_##tier(const convolution_geometry *_Nonnull, const planar_strip         \
      *_Nonnull, const float *_Nonnull, const float *_Nonnull, const blocked_epilogue *_Nonnull,   \
      float *_Nonnull, const planar_part *_Nonnull, float *_Nonnull);                              \
  void winograd_input_f32_##tier(const convolution_geometry *_Nonnull, const float               \
      *_Nonnull, ptrdiff_t, ptrdiff_t, ptrdiff_t, float *_Nonnull, ptrdiff_t);                   \
  void winograd_weights_f32_##tier(                                                              \
      const float *_Nonnull, ptrdiff_t, ptrdiff_t, float *_Nonnull, ptrdiff_t);                  \
  void winograd_filters_f32_##tier(const convolution_geometry *_Nonnull, const winograd_part     \
      *_Nonnull, const blocked_epilogue *_Nonnull, float *_Nonnull);                             \
  void multiply_coefficients_f32_##tier(const filter_unit *_Nonnull, size_t, const float             \
      *_Nonnull, ptrdiff_t, const float *_Nonnull, float *_Nonnull, ptrdiff_t, int32_t           \
      *_Nonnull);                                                                                \
  void winograd_strided_input_f32_##tier(const convolution_geometry *_Nonnull, const float       \
      *_Nonnull, ptrdiff_t, ptrdiff_t, ptrdiff_t, float *_Nonnull, ptrdiff_t, ptrdiff_t);        \
  void winograd_strided_output_f32_##tier(const convolution_geometry *_Nonnull, const float      \
      *_Nonnull, ptrdiff_t, ptrdiff_t, ptrdiff_t, ptrdiff_t, const blocked_epilogue              \
      *_Nonnull, float *_Nonnull);                                                               \
  void convolve_grouped_f32_##tier(const convolution_geometry *_Nonnull, const lane_groups       \
      *_Nonnull, const lane_unit *_Nonnull, const float *_Nonnull, const float *_Nonnull,        \
      const blocked_epilogue *_Nonnull, float *_Nonnull, ptrdiff_t, ptrdiff_t, float             \
      *_Nonnull);                                                                                \
  void max_pool_blocked_f32_##tier(const pool_window *_Nonnull, const float *_Nonnull, float     \
      *_Nonnull, ptrdiff_t, float *_Nonnull);                                                    \
  void mean_blocked_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t);                  \
  void scale_blocked_f32_##tier(const float *_Nonnull, const float *_Nonnull, float              \
      *_Nonnull, size_t);                                                                        \
  void larger_blocked_f32_##tier(const float *_Nonnull, bool, float *_Nonnull, size_t);          \
  void upsample_blocked_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t, size_t,       \
      size_t, float);                                                                            \
  void add_scaled_blocked_f32_##tier(const float *_Nonnull, ptrdiff_t, const float *_Nonnull,    \
      float *_Nonnull, ptrdiff_t, size_t);                                                       \
  void pack_blocked_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t, size_t);          \
  void unpack_blocked_f32_##tier(const float *_Nonnull, float *_Nonnull, size_t, size_t);         \
  void weight_gradient_f32_##tier(const convolution_geometry *_Nonnull, bool, const filter_unit  \
      *_Nonnull, const float *_Nonnull, const float *_Nonnull, const gradient_part *_Nonnull,    \
      float *_Nonnull);                                                                          \
  void depthwise_gradient_f32_##tier(const convolution_geometry *_Nonnull, const float *_Nonnull,\
      const float *_Nonnull, const gradient_part *_Nonnull, float *_Nonnull);                    \
  void fold_blocked_f32_##tier(const convolution_geometry *_Nonnull, const float *_Nonnull,      \
      ptrdiff_t, ptrdiff_t, ptrdiff_t, float *_Nonnull);                                         \
  void activation_gradient_f32_##tier(activation, const float *_Nonnull, const float *_Nonnull,  \
      float *_Nonnull, size_t, bool);                                                            \
  void sum_blocked_f32_##tier(const float *_Nonnull, double *_Nonnull, size_t);                  \
  void dot_blocked_f32_##tier(                                                                   \
      const float *_Nonnull, const float *_Nonnull, double *_Nonnull, size_t);                   \
  void moments_blocked_f32_##tier(                                                               \
      const float *_Nonnull, const float *_Nonnull, double *_Nonnull, size_t);                   \
  void normalize_blocked_f32_##tier(activation, const float *_Nonnull,                           \
      const block_normalization *_Nonnull, float *_Nonnull, size_t);                             \
  void normalize_sums_f32_##tier(activation, const float *_Nonnull, const float *_Nonnull,       \
      const block_normalization *_Nonnull, double *_Nonnull, size_t);                            \
  void normalize_gradient_f32_##tier(activation, const float *_Nonnull, const float *_Nonnull,   \
      const block_normalization *_Nonnull, const float *_Nonnull, const float *_Nonnull,         \
      float *_Nonnull, size_t, bool);                                                            \
  void max_pool_gradient_f32_##tier(const pool_window *_Nonnull, const float *_Nonnull,          \
      const float *_Nonnull, const float *_Nonnull, float *_Nonnull);                            \
  void upsample_gradient_f32_##tier(                                                             \
      const float *_Nonnull, float *_Nonnull, size_t, size_t, size_t, float, bool);              \
  void competition_gradient_f32_##tier(const float *_Nonnull, const float *_Nonnull,             \
      float *_Nonnull, float *_Nonnull, size_t, bool);                                           \
  double peak_f32_##tier(size_t, float *_Nonnull);                                               \
  double peak_bf16_##tier(size_t, float *_Nonnull);                                              \
  double peak_int8_##tier(size_t, float *_Nonnull);                                              \
  int32_t read_bytes_##tier(const void *_Nonnull, size_t, size_t);                               \
  void write_bytes_##tier(void *_Nonnull, size_t, size_t, int32_t);

DECLARE_TIER(baseline)
DECLARE_TIER(avx2)
DECLARE_TIER(avx512)

#if defined(__x86_64__)
void winograd_input_f32_bf16(const convolution_geometry *_Nonnull, const float *_Nonnull, ptrdiff_t,
    ptrdiff_t, ptrdiff_t, float *_Nonnull, ptrdiff_t);
void winograd_filters_f32_bf16(const convolution_geometry *_Nonnull, const winograd_part *_Nonnull,
    const blocked_epilogue *_Nonnull, float *_Nonnull);
extern const reduced_table reduced_table_bf16, reduced_table_int8;
#endif

#endif
