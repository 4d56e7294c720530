/// What all kernels name: instruction sets, activations, and the geometry of windows.
#ifndef CKERNELS_TYPES_H
#define CKERNELS_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#define SWIFT_NAME(name) __attribute__((swift_name(#name)))

// MARK: Instruction sets

/// In rising order; on arm64 `baseline` means `neon`.
typedef enum instruction_set : int32_t {
  ISA_BASELINE = 0,
  ISA_NEON = 1,
  ISA_AVX2 = 2,    ///< AVX2 and FMA
  ISA_AVX512 = 3,  ///< AVX-512 F, BW, DQ and VL
} SWIFT_NAME(KernelInstructionSet) instruction_set;

/// The best instruction set of this machine, whatever the limit.
instruction_set kernels_detected_isa(void);
/// Whether this machine executes `isa`.
bool kernels_supports_isa(instruction_set isa);
/// Lowers (or raises again) what `kernels_current` may choose, for tests and bug reports.
void kernels_limit_isa(instruction_set isa);

// MARK: Activations

/// The elementwise activations of Darknet; its channel normalisers are layers.
typedef enum activation : int32_t {
  ACTIVATION_LINEAR = 0,
  ACTIVATION_LOGISTIC,
  ACTIVATION_LOGGY,
  ACTIVATION_RELU,
  ACTIVATION_RELU6,
  ACTIVATION_ELU,
  ACTIVATION_SELU,
  ACTIVATION_GELU,
  ACTIVATION_RELIE,
  ACTIVATION_RAMP,
  ACTIVATION_LEAKY,
  ACTIVATION_REVLEAKY,
  ACTIVATION_TANH,
  ACTIVATION_PLSE,
  ACTIVATION_STAIR,
  ACTIVATION_HARDTAN,
  ACTIVATION_LHTAN,
  ACTIVATION_SWISH,
  ACTIVATION_MISH,
  ACTIVATION_HARD_MISH,
} SWIFT_NAME(KernelActivation) activation;

// MARK: Geometry

/// A convolution of square kernels; `padding` is the zero border above and to the left of the image,
/// and whatever `out_height` and `out_width` reach for below and to the right is zero as well.
typedef struct convolution_geometry {
  ptrdiff_t channels, height, width;
  ptrdiff_t filters;
  ptrdiff_t out_height SWIFT_NAME(outHeight);
  ptrdiff_t out_width SWIFT_NAME(outWidth);
  ptrdiff_t size;
  ptrdiff_t stride_x SWIFT_NAME(strideX);
  ptrdiff_t stride_y SWIFT_NAME(strideY);
  ptrdiff_t padding;
  ptrdiff_t dilation;
  ptrdiff_t groups;
} SWIFT_NAME(ConvolutionGeometry) convolution_geometry;

/// Pooling windows: output (x, y) looks at the `size` x `size` cells from
/// (x * stride_x - left, y * stride_y - top); cells outside the image do not exist.
typedef struct pool_window {
  ptrdiff_t channels, height, width;
  ptrdiff_t out_height SWIFT_NAME(outHeight);
  ptrdiff_t out_width SWIFT_NAME(outWidth);
  ptrdiff_t size;
  ptrdiff_t stride_x SWIFT_NAME(strideX);
  ptrdiff_t stride_y SWIFT_NAME(strideY);
  ptrdiff_t top, left;
} SWIFT_NAME(PoolWindow) pool_window;

#pragma clang assume_nonnull end

#endif
