// The convolution helpers of one tier.

#define vfloat KERNEL(vfloat)
#define vfloat_at KERNEL(vfloat_at)

typedef float vfloat __attribute__((ext_vector_type(LANES)));
/// At any address.
typedef float vfloat_at __attribute__((ext_vector_type(LANES), aligned(4)));

/// y[i] = row[start + i * stride], 0 where that is outside the row of `width` cells.
INLINE void KERNEL(unfold_row)(
    const float *restrict row, ptrdiff_t width, ptrdiff_t start, ptrdiff_t stride,
    float *restrict y, ptrdiff_t n) {
  ptrdiff_t first = start < 0 ? (-start + stride - 1) / stride : 0;
  ptrdiff_t end = start < width ? (width - start + stride - 1) / stride : 0;
  if (end > n) end = n;
  if (first > end) first = end;

  memset(y, 0, (size_t)first * sizeof(float));
  if (stride == 1) {
    memcpy(y + first, row + start + first, (size_t)(end - first) * sizeof(float));
  } else {
    for (ptrdiff_t i = first; i < end; i++) y[i] = row[start + i * stride];
  }
  memset(y + end, 0, (size_t)(n - end) * sizeof(float));
}

// MARK: im2col

/// One row of the matrix: what tap (ky, kx) sees of one channel.
INLINE void KERNEL(im2col_tap)(
    const convolution_geometry *g, const float *plane, ptrdiff_t top, ptrdiff_t left,
    ptrdiff_t stride_x, ptrdiff_t row, ptrdiff_t row_end, float *y) {
  for (ptrdiff_t oy = row; oy < row_end; oy++, y += g->out_width) {
    ptrdiff_t iy = oy * g->stride_y + top;
    if (iy < 0 || iy >= g->height) {
      memset(y, 0, (size_t)g->out_width * sizeof(float));
    } else {
      KERNEL(unfold_row)(plane + iy * g->width, g->width, left, stride_x, y, g->out_width);
    }
  }
}

void KERNEL(im2col_f32)(
    const convolution_geometry *g, const float *x, ptrdiff_t channel, ptrdiff_t channel_end,
    ptrdiff_t row, ptrdiff_t row_end, float *columns, size_t stride) {
  for (ptrdiff_t c = channel; c < channel_end; c++) {
    const float *plane = x + c * g->height * g->width;
    for (ptrdiff_t tap = 0; tap < g->size * g->size; tap++, columns += stride) {
      ptrdiff_t top = tap / g->size * g->dilation - g->padding;
      ptrdiff_t left = tap % g->size * g->dilation - g->padding;
      if (g->stride_x == 1) {
        KERNEL(im2col_tap)(g, plane, top, left, 1, row, row_end, columns);
      } else if (g->stride_x == 2) {
        KERNEL(im2col_tap)(g, plane, top, left, 2, row, row_end, columns);
      } else {
        KERNEL(im2col_tap)(g, plane, top, left, g->stride_x, row, row_end, columns);
      }
    }
  }
}

// MARK: Depthwise

/// How input rows are unfolded into the strip: the columns sorted by their remainder modulo the
/// stride, one part of `part` floats for each. So the cells that one tap sees along an output row are
/// contiguous, whatever stride and dilation are.
#define strip_layout KERNEL(strip_layout)
typedef struct {
  ptrdiff_t part, row_floats;  ///< of one remainder, and of one input row
  ptrdiff_t out_rows;          ///< output rows whose input the strip holds, 0 when none fits
  ptrdiff_t offsets[DEPTHWISE_SIZE];  ///< from the start of a row to the first cell of tap kx
} strip_layout;

INLINE strip_layout KERNEL(layout)(const convolution_geometry *g) {
  ptrdiff_t step = 2 * LANES, reach = (g->size - 1) * g->dilation;
  strip_layout layout;
  layout.part = (g->out_width + step - 1) / step * step + reach / g->stride_x;
  layout.row_floats = layout.part * g->stride_x;
  ptrdiff_t rows = STRIP_FLOATS / layout.row_floats;
  layout.out_rows = rows > reach ? (rows - reach - 1) / g->stride_y + 1 : 0;
  for (ptrdiff_t kx = 0; kx < g->size; kx++) {
    ptrdiff_t column = kx * g->dilation;
    layout.offsets[kx] = column % g->stride_x * layout.part + column / g->stride_x;
  }
  return layout;
}

/// Copies input row `iy` into the strip, zeros where it has no cells.
INLINE void KERNEL(unfold_into_strip)(
    const convolution_geometry *g, const strip_layout *layout, const float *plane, ptrdiff_t iy,
    float *strip) {
  if (iy < 0 || iy >= g->height) {
    memset(strip, 0, (size_t)layout->row_floats * sizeof(float));
    return;
  }
  const float *row = plane + iy * g->width;
  for (ptrdiff_t p = 0; p < g->stride_x; p++, strip += layout->part) {
    ptrdiff_t start = p - g->padding;
    if (g->stride_x == 1) KERNEL(unfold_row)(row, g->width, start, 1, strip, layout->part);
    else if (g->stride_x == 2) KERNEL(unfold_row)(row, g->width, start, 2, strip, layout->part);
    else KERNEL(unfold_row)(row, g->width, start, g->stride_x, strip, layout->part);
  }
}

/// `parts` registers of one output row, from the first cells of its first tap, and their first n
/// floats stored. Reading goes past the row, into padding of the strip.
INLINE void KERNEL(depthwise_cells)(
    const float *strip, ptrdiff_t row_step, const ptrdiff_t *offsets, const float *weights,
    ptrdiff_t size, const int parts, float *y, ptrdiff_t n) {
  vfloat sum[2] = {0};
  for (ptrdiff_t ky = 0; ky < size; ky++) {
    for (ptrdiff_t kx = 0; kx < size; kx++) {
      const float *cells = strip + ky * row_step + offsets[kx];
      float weight = weights[ky * size + kx];
      for (int p = 0; p < parts; p++) sum[p] += *(const vfloat_at *)(cells + p * LANES) * weight;
    }
  }
  if (n >= parts * LANES) {
    for (int p = 0; p < parts; p++) *(vfloat_at *)(y + p * LANES) = sum[p];
  } else {
    memcpy(y, sum, (size_t)n * sizeof(float));
  }
}

INLINE void KERNEL(depthwise_row)(
    const float *strip, ptrdiff_t row_step, const ptrdiff_t *offsets, const float *weights,
    ptrdiff_t size, float *y, ptrdiff_t n) {
  for (; n > LANES; n -= 2 * LANES, strip += 2 * LANES, y += 2 * LANES) {
    KERNEL(depthwise_cells)(strip, row_step, offsets, weights, size, 2, y, n);
  }
  if (n > 0) KERNEL(depthwise_cells)(strip, row_step, offsets, weights, size, 1, y, n);
}

INLINE void KERNEL(depthwise_filter)(
    const convolution_geometry *g, const strip_layout *layout, const float *plane,
    const float *weights, float *strip, float *y) {
  ptrdiff_t row_step = g->dilation * layout->row_floats, n = g->out_width;
  for (ptrdiff_t start = 0; start < g->out_height; start += layout->out_rows) {
    ptrdiff_t end = start + layout->out_rows;
    if (end > g->out_height) end = g->out_height;
    ptrdiff_t top = start * g->stride_y - g->padding;
    ptrdiff_t rows = (end - start - 1) * g->stride_y + (g->size - 1) * g->dilation + 1;
    for (ptrdiff_t r = 0; r < rows; r++) {
      KERNEL(unfold_into_strip)(g, layout, plane, top + r, strip + r * layout->row_floats);
    }
    for (ptrdiff_t oy = start; oy < end; oy++) {
      const float *from = strip + (oy - start) * g->stride_y * layout->row_floats;
      float *to = y + oy * n;
      if (g->size == 3) {
        KERNEL(depthwise_row)(from, row_step, layout->offsets, weights, 3, to, n);
      } else if (g->size == 5) {
        KERNEL(depthwise_row)(from, row_step, layout->offsets, weights, 5, to, n);
      } else {
        KERNEL(depthwise_row)(from, row_step, layout->offsets, weights, g->size, to, n);
      }
    }
  }
}

void KERNEL(depthwise_f32)(
    const convolution_geometry *g, const float *x, const float *weights, float *y,
    ptrdiff_t first, ptrdiff_t end) {
  if (g->size > DEPTHWISE_SIZE) return reference_convolution(g, x, weights, y, first, end);
  strip_layout layout = KERNEL(layout)(g);
  if (!layout.out_rows) return reference_convolution(g, x, weights, y, first, end);

  _Alignas(64) float strip[STRIP_FLOATS];
  ptrdiff_t filters_per_channel = g->filters / g->groups;
  for (ptrdiff_t f = first; f < end; f++) {
    KERNEL(depthwise_filter)(
        g, &layout, x + f / filters_per_channel * g->height * g->width,
        weights + f * g->size * g->size, strip, y + f * g->out_height * g->out_width);
  }
}

#undef vfloat
#undef vfloat_at
#undef strip_layout
