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

/// Rows to columns: three perfect shuffles of 64 numbers.
INLINE void KERNEL(transpose)(vblock v[BLOCK]) {
  UNROLL for (int round = 0; round < 3; round++) {
    vblock w[BLOCK];
    UNROLL for (int i = 0; i < 4; i++) {
      w[2 * i] = __builtin_shufflevector(v[i], v[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
      w[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
    }
    UNROLL for (int i = 0; i < BLOCK; i++) v[i] = w[i];
  }
}

void KERNEL(pack_blocked_f32)(const float *x, float *y, size_t channels, size_t plane) {
  size_t p = 0;
  for (; p + BLOCK <= plane; p += BLOCK, y += BLOCK * BLOCK) {
    vblock v[BLOCK];
    UNROLL for (size_t c = 0; c < BLOCK; c++) {
      v[c] = c < channels ? KERNEL(load)(x + c * plane + p) : (vblock)0;
    }
    KERNEL(transpose)(v);
    UNROLL for (size_t i = 0; i < BLOCK; i++) KERNEL(store)(y + i * BLOCK, v[i]);
  }
  for (; p < plane; p++, y += BLOCK) {
    for (size_t c = 0; c < BLOCK; c++) y[c] = c < channels ? x[c * plane + p] : 0;
  }
}

void KERNEL(unpack_blocked_f32)(const float *x, float *y, size_t channels, size_t plane) {
  size_t p = 0;
  for (; p + BLOCK <= plane; p += BLOCK, x += BLOCK * BLOCK) {
    vblock v[BLOCK];
    UNROLL for (size_t i = 0; i < BLOCK; i++) v[i] = KERNEL(load)(x + i * BLOCK);
    KERNEL(transpose)(v);
    UNROLL for (size_t c = 0; c < BLOCK; c++) {
      if (c < channels) KERNEL(store)(y + c * plane + p, v[c]);
    }
  }
  for (; p < plane; p++, x += BLOCK) {
    for (size_t c = 0; c < channels; c++) y[c * plane + p] = x[c];
  }
}

void KERNEL(add_scaled_blocked_f32)(
    const float *x, ptrdiff_t x_step, const float *scale, float *y, ptrdiff_t y_step, size_t n) {
  vblock factor = KERNEL(load)(scale);
  for (size_t i = 0; i < n; i++, x += x_step * BLOCK, y += y_step * BLOCK) {
    KERNEL(store)(y, KERNEL(load)(x) * factor + KERNEL(load)(y));
  }
}

