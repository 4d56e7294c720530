// The pools kernels of one tier.

#include "lanes_body.h"

// MARK: Pools

/// The largest of `count` registers `step` floats apart.
INLINE vblock KERNEL(largest)(const float *x, ptrdiff_t count, ptrdiff_t step) {
  vblock most = (vblock)-FLT_MAX;
  for (ptrdiff_t i = 0; i < count; i++) most = KERNEL(larger)(KERNEL(load)(x + i * step), most);
  return most;
}

/// Taps of the window from `start` on that lie inside `extent`: their first cell, and how many.
INLINE ptrdiff_t KERNEL(clip)(
    ptrdiff_t start, ptrdiff_t size, ptrdiff_t extent, ptrdiff_t *first) {
  ptrdiff_t end = start + size < extent ? start + size : extent;
  *first = start > 0 ? start : 0;
  return end > *first ? end - *first : 0;
}

void KERNEL(max_pool_blocked_f32)(
    const pool_window *w, const float *x, float *y, ptrdiff_t block, float *rows) {
  x += block * w->height * w->width * BLOCK;
  y += block * w->out_height * w->out_width * BLOCK;
  bool is_pair = w->size == 2 && w->stride_x == 2 && w->stride_y == 2 && w->top == 0
      && w->left == 0 && 2 * w->out_width <= w->width && 2 * w->out_height <= w->height;
  ptrdiff_t first;
  if (is_pair) {
    for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
      const float *a = x + 2 * oy * w->width * BLOCK, *b = a + w->width * BLOCK;
      for (ptrdiff_t ox = 0; ox < w->out_width; ox++, a += 2 * BLOCK, b += 2 * BLOCK, y += BLOCK) {
        vblock most = KERNEL(larger)(KERNEL(load)(a), (vblock)-FLT_MAX);
        most = KERNEL(larger)(KERNEL(load)(a + BLOCK), most);
        most = KERNEL(larger)(KERNEL(load)(b), most);
        KERNEL(store)(y, KERNEL(larger)(KERNEL(load)(b + BLOCK), most));
      }
    }
    return;
  }
  // Each row first, then each column of what that leaves.
  float *to = rows;
  for (ptrdiff_t row = 0; row < w->height; row++) {
    for (ptrdiff_t ox = 0; ox < w->out_width; ox++, to += BLOCK) {
      ptrdiff_t n = KERNEL(clip)(ox * w->stride_x - w->left, w->size, w->width, &first);
      KERNEL(store)(to, KERNEL(largest)(x + (row * w->width + first) * BLOCK, n, BLOCK));
    }
  }
  ptrdiff_t step = w->out_width * BLOCK;
  for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
    ptrdiff_t n = KERNEL(clip)(oy * w->stride_y - w->top, w->size, w->height, &first);
    for (ptrdiff_t ox = 0; ox < w->out_width; ox++, y += BLOCK) {
      KERNEL(store)(y, KERNEL(largest)(rows + first * step + ox * BLOCK, n, step));
    }
  }
}

void KERNEL(mean_blocked_f32)(const float *x, float *y, size_t plane) {
  vblock sum[4] = {0};
  size_t i = 0;
  for (; i + 4 <= plane; i += 4) {
    UNROLL for (size_t k = 0; k < 4; k++) sum[k] += KERNEL(load)(x + (i + k) * BLOCK);
  }
  for (; i < plane; i++) sum[0] += KERNEL(load)(x + i * BLOCK);
  KERNEL(store)(y, ((sum[0] + sum[1]) + (sum[2] + sum[3])) / (float)plane);
}

