// The movement kernels of one tier.

#include "lanes_body.h"

// MARK: Movement

void KERNEL(scale_blocked_f32)(const float *x, const float *scale, float *y, size_t plane) {
  vblock factor = KERNEL(load)(scale);
  for (size_t i = 0; i < plane; i++) {
    KERNEL(store)(y + i * BLOCK, KERNEL(load)(x + i * BLOCK) * factor);
  }
}

void KERNEL(larger_blocked_f32)(const float *x, bool first, float *y, size_t n) {
  for (size_t i = 0; i < n; i += BLOCK) {
    vblock before = first ? (vblock)-FLT_MAX : KERNEL(load)(y + i);
    KERNEL(store)(y + i, KERNEL(larger)(KERNEL(load)(x + i), before));
  }
}

void KERNEL(upsample_blocked_f32)(
    const float *x, float *y, size_t height, size_t width, size_t stride, float scale) {
  size_t out_floats = width * stride * BLOCK;
  for (size_t row = 0; row < height; row++, y += stride * out_floats) {
    float *to = y;
    for (size_t i = 0; i < width; i++, x += BLOCK) {
      vblock value = KERNEL(load)(x) * scale;
      for (size_t k = 0; k < stride; k++, to += BLOCK) KERNEL(store)(to, value);
    }
    for (size_t k = 1; k < stride; k++) memcpy(y + k * out_floats, y, out_floats * sizeof(float));
  }
}

void KERNEL(pack_blocked_f32)(const float *x, float *y, size_t channels, size_t plane) {
  for (size_t p = 0; p < plane; p++, y += BLOCK) {
    for (size_t c = 0; c < BLOCK; c++) y[c] = c < channels ? x[c * plane + p] : 0;
  }
}

void KERNEL(unpack_blocked_f32)(const float *x, float *y, size_t channels, size_t plane) {
  for (size_t c = 0; c < channels; c++) {
    for (size_t p = 0; p < plane; p++) y[c * plane + p] = x[p * BLOCK + c];
  }
}

