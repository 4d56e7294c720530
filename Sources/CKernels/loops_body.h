// The loops of one tier.

// MARK: Elementwise

void KERNEL(add_f32)(const float *x, const float *y, float *z, size_t n) {
  for (size_t i = 0; i < n; i++) z[i] = x[i] + y[i];
}

void KERNEL(multiply_f32)(const float *x, const float *y, float *z, size_t n) {
  for (size_t i = 0; i < n; i++) z[i] = x[i] * y[i];
}

void KERNEL(add_scaled_f32)(float a, const float *restrict x, float *restrict y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] += a * x[i];
}

INLINE void KERNEL(scale_row)(const float *x, float scale, float *y, size_t n) {
  for (size_t i = 0; i < n; i++) y[i] = x[i] * scale;
}

void KERNEL(scale_channels_f32)(
    const float *x, const float *scale, float *y, size_t channels, size_t n) {
  for (size_t c = 0; c < channels; c++) KERNEL(scale_row)(x + c * n, scale[c], y + c * n, n);
}

/// Sixteen partial sums in every tier, so that the tiers agree.
INLINE float KERNEL(sum_of)(const float *x, size_t n) {
  float partial[16] = {0}, sum = 0;
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    for (size_t k = 0; k < 16; k++) partial[k] += x[i + k];
  }
  for (size_t k = 0; k < 16; k++) sum += partial[k];
  for (; i < n; i++) sum += x[i];
  return sum;
}

void KERNEL(channel_means_f32)(const float *x, float *y, size_t channels, size_t n) {
  for (size_t c = 0; c < channels; c++) {
    y[c] = n ? KERNEL(sum_of)(x + c * n, n) / (float)n : 0;
  }
}

// MARK: Pools

/// y = the larger of x and y, or with `first` of x and -FLT_MAX.
INLINE void KERNEL(raise)(
    const float *restrict x, ptrdiff_t stride, bool first, float *restrict y, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) {
    float before = first ? -FLT_MAX : y[i];
    y[i] = x[i * stride] > before ? x[i * stride] : before;
  }
}

/// y = the largest of `size` neighbours from each x[i * stride] on.
INLINE void KERNEL(max_of_neighbours)(
    const float *restrict x, ptrdiff_t size, ptrdiff_t stride, float *restrict y, ptrdiff_t n) {
  KERNEL(raise)(x, stride, true, y, n);
  for (ptrdiff_t k = 1; k < size; k++) KERNEL(raise)(x + k, stride, false, y, n);
}

INLINE void KERNEL(fill)(float *y, float value, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) y[i] = value;
}

/// Output cells [ox, ox + n) of one row: the maximum of each column first, then of each window.
///
/// `columns` takes the columns that these windows cover, (n - 1) * stride_x + size of them.
INLINE void KERNEL(max_pool_part)(
    const pool_window *w, const float *plane, ptrdiff_t oy, ptrdiff_t ox, ptrdiff_t n,
    float *restrict columns, float *restrict y) {
  ptrdiff_t top = oy * w->stride_y - w->top, left = ox * w->stride_x - w->left;
  ptrdiff_t covered = (n - 1) * w->stride_x + w->size;
  ptrdiff_t first_row = top < 0 ? 0 : top;
  ptrdiff_t end_row = top + w->size < w->height ? top + w->size : w->height;
  ptrdiff_t first = left < 0 ? 0 : left;
  ptrdiff_t end = left + covered < w->width ? left + covered : w->width;

  bool covers = first == left && end == left + covered && first_row < end_row;
  if (!covers) KERNEL(fill)(columns, -FLT_MAX, covered);
  const float *cells = plane + first_row * w->width + first;
  for (ptrdiff_t row = first_row; row < end_row; row++, cells += w->width) {
    float *to = columns + (first - left);
    if (covers && row == first_row) KERNEL(raise)(cells, 1, true, to, end - first);
    else KERNEL(raise)(cells, 1, false, to, end - first);
  }
  if (w->stride_x == 2 && w->size == 2) KERNEL(max_of_neighbours)(columns, 2, 2, y, n);
  else if (w->stride_x == 2) KERNEL(max_of_neighbours)(columns, w->size, 2, y, n);
  else if (w->stride_x == 1) KERNEL(max_of_neighbours)(columns, w->size, 1, y, n);
  else KERNEL(max_of_neighbours)(columns, w->size, w->stride_x, y, n);
}

void KERNEL(max_pool_f32)(
    const pool_window *w, const float *x, float *y, ptrdiff_t first, ptrdiff_t end) {
  if (w->size > ROW_FLOATS) return reference_max_pool(w, x, y, first, end);
  float columns[ROW_FLOATS];
  ptrdiff_t part = (ROW_FLOATS - w->size) / w->stride_x + 1;
  for (ptrdiff_t c = first; c < end; c++) {
    const float *plane = x + c * w->height * w->width;
    for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
      float *row = y + (c * w->out_height + oy) * w->out_width;
      for (ptrdiff_t ox = 0; ox < w->out_width; ox += part) {
        ptrdiff_t n = w->out_width - ox < part ? w->out_width - ox : part;
        KERNEL(max_pool_part)(w, plane, oy, ox, n, columns, row + ox);
      }
    }
  }
}

void KERNEL(average_pool_f32)(
    const pool_window *w, const float *x, float *y, ptrdiff_t first, ptrdiff_t end) {
  for (ptrdiff_t c = first; c < end; c++) {
    for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
      ptrdiff_t top = oy * w->stride_y - w->top;
      ptrdiff_t first_row = top < 0 ? 0 : top;
      ptrdiff_t end_row = top + w->size < w->height ? top + w->size : w->height;
      for (ptrdiff_t ox = 0; ox < w->out_width; ox++) {
        ptrdiff_t left = ox * w->stride_x - w->left;
        ptrdiff_t first_cell = left < 0 ? 0 : left;
        ptrdiff_t end_cell = left + w->size < w->width ? left + w->size : w->width;
        ptrdiff_t width = end_cell - first_cell, cells = (end_row - first_row) * width;

        float sum = 0;
        for (ptrdiff_t row = first_row; row < end_row && width > 0; row++) {
          const float *cell = x + (c * w->height + row) * w->width + first_cell;
          sum += KERNEL(sum_of)(cell, (size_t)width);
        }
        bool empty = width <= 0 || end_row <= first_row;
        y[(c * w->out_height + oy) * w->out_width + ox] = empty ? 0 : sum / (float)cells;
      }
    }
  }
}

// MARK: Resampling and channels

INLINE void KERNEL(repeat)(
    const float *restrict x, float *restrict y, size_t n, size_t stride, float scale) {
  for (size_t i = 0; i < n; i++) {
    float value = scale * x[i];
    for (size_t k = 0; k < stride; k++) y[i * stride + k] = value;
  }
}

void KERNEL(upsample_f32)(
    const float *x, float *y, size_t channels, size_t height, size_t width, size_t stride,
    float scale) {
  size_t out_width = width * stride;
  for (size_t row = 0; row < channels * height; row++, x += width) {
    if (stride == 2) KERNEL(repeat)(x, y, width, 2, scale);
    else KERNEL(repeat)(x, y, width, stride, scale);
    for (size_t k = 1; k < stride; k++) memcpy(y + k * out_width, y, out_width * sizeof(float));
    y += stride * out_width;
  }
}

void KERNEL(maxout_f32)(const float *x, float *y, size_t channels, size_t out_channels, size_t n) {
  for (size_t g = 0; g < out_channels; g++) {
    float *plane = y + g * n;
    for (size_t c = g; c < channels; c += out_channels) {
      KERNEL(raise)(x + c * n, 1, c == g, plane, (ptrdiff_t)n);
    }
  }
}
