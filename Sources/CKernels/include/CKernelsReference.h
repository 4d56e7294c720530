/// Reference loops: written to be obviously right, accumulating in double.
#ifndef CKERNELS_REFERENCE_H
#define CKERNELS_REFERENCE_H

#include "CKernelsTypes.h"

#pragma clang assume_nonnull begin

/// act(x) by the formulas of `activations.md`, with libm.
double reference_activation(activation act, double x);
/// Its derivative at x, in double; at a kink the one from below, unless Darknet says otherwise.
double reference_activation_slope(activation act, double x);
/// y = act(x * scale[c] + bias[c]) as in the table, computed in double.
void reference_scale_bias_activate(
    activation act, const float *x, size_t x_stride, float *y, size_t y_stride,
    const float *_Nullable scale, const float *_Nullable bias, size_t channels, size_t n);
/// Filters [first, end) of a convolution of the whole input; weights are
/// filters x (channels / groups) x size x size, without bias.
void reference_convolution(
    const convolution_geometry *geometry, const float *x, const float *weights, float *y,
    ptrdiff_t first, ptrdiff_t end);
/// Rows [first, end) of y = weights * x; weights are outputs x inputs.
void reference_connected(
    const float *x, const float *weights, float *y, size_t inputs, size_t first, size_t end);
void reference_max_pool(
    const pool_window *window, const float *x, float *y, ptrdiff_t first, ptrdiff_t end);
void reference_average_pool(
    const pool_window *window, const float *x, float *y, ptrdiff_t first, ptrdiff_t end);

#pragma clang assume_nonnull end

#endif
