// The blocked kernels of one tier.

#define vblock KERNEL(vblock)
#define vblock_at KERNEL(vblock_at)
#define tile_kernel KERNEL(tile_kernel)

typedef float vblock __attribute__((ext_vector_type(BLOCK)));
/// At any address.
typedef float vblock_at __attribute__((ext_vector_type(BLOCK), aligned(4)));

/// The pixels whose sums fit the registers, for one block of filters and for two: SSE has 16
/// registers of half a block, NEON 32 of them, AVX2 16 and AVX-512 32 of a whole one.
#if LANES == 16
#define PIXELS_OF_ONE 12
#define PIXELS_OF_TWO 12
#elif LANES == 8
#define PIXELS_OF_ONE 12
#define PIXELS_OF_TWO 6
#elif defined(__aarch64__)
#define PIXELS_OF_ONE 12
#define PIXELS_OF_TWO 6
#else
#define PIXELS_OF_ONE 4
#define PIXELS_OF_TWO 2
#endif

INLINE vblock KERNEL(load)(const float *x) { return *(const vblock_at *)x; }
INLINE void KERNEL(store)(float *y, vblock v) { *(vblock_at *)y = v; }

// MARK: Epilogue

/// Whether an activation is so short that it is applied in registers.
INLINE bool KERNEL(is_short)(activation act) {
  return act == ACTIVATION_LINEAR || act == ACTIVATION_LEAKY || act == ACTIVATION_RELU;
}

/// x < 0 times `slope`, which is 1 for the linear activation; NaN and x > 0 as they are.
INLINE vblock KERNEL(slope)(vblock x, float slope) { return x < 0 ? x * slope : x; }

INLINE float KERNEL(slope_of)(activation act) {
  return act == ACTIVATION_LEAKY ? 0.1f : act == ACTIVATION_RELU ? 0 : 1;
}

/// What the registers could not do to n stored values at `y`, `offset` floats into the image.
static __attribute__((noinline)) void KERNEL(finish)(
    const blocked_epilogue *e, float *y, ptrdiff_t offset, ptrdiff_t n) {
  if (!KERNEL(is_short)(e->first)) KERNEL(activate_f32)(e->first, y, y, (size_t)n);
  if (!e->residual) return;
  KERNEL(add_f32)(y, e->residual + offset, y, (size_t)n);
  if (e->second != ACTIVATION_LINEAR) KERNEL(activate_f32)(e->second, y, y, (size_t)n);
}

INLINE bool KERNEL(needs_finish)(const blocked_epilogue *e) {
  return !KERNEL(is_short)(e->first) || e->residual;
}

// MARK: The dense tile

/// `width` blocks of filters at `pixels` pixels, summed over `taps` taps of `lanes` channels each.
///
/// Pixel p reads x + offsets[tap] + p * step; weights come as [taps][lanes][width * 8].
INLINE void KERNEL(tile)(
    const int width, const int pixels, const int lanes, ptrdiff_t step, const int32_t *offsets,
    ptrdiff_t taps, const float *x, const float *weights, const blocked_epilogue *e,
    ptrdiff_t filter, float *image, ptrdiff_t offset, ptrdiff_t block_stride) {
  vblock sum[PIXELS_OF_ONE][2];
  UNROLL for (int p = 0; p < pixels; p++) {
    UNROLL for (int b = 0; b < width; b++) {
      sum[p][b] = e ? KERNEL(load)(e->bias + filter + b * BLOCK) : (vblock)0;
    }
  }
  for (ptrdiff_t t = 0; t < taps; t++) {
    const float *cells = x + offsets[t];
#if defined(__aarch64__)
    _Pragma("clang loop unroll(disable)")
#else
    UNROLL
#endif
    for (int c = 0; c < lanes; c++) {
      vblock weight[2];
      UNROLL for (int b = 0; b < width; b++) weight[b] = KERNEL(load)(weights + b * BLOCK);
      weights += width * BLOCK;
      UNROLL for (int p = 0; p < pixels; p++) {
        vblock cell = (vblock)cells[p * step + c];
        UNROLL for (int b = 0; b < width; b++) sum[p][b] += cell * weight[b];
      }
    }
  }
  float *y = image + offset;
  if (e) {
    if (e->first != ACTIVATION_LINEAR && KERNEL(is_short)(e->first)) {
      float slope = KERNEL(slope_of)(e->first);
      UNROLL for (int p = 0; p < pixels; p++) {
        UNROLL for (int b = 0; b < width; b++) sum[p][b] = KERNEL(slope)(sum[p][b], slope);
      }
    }
  }
  UNROLL for (int b = 0; b < width; b++) {
    UNROLL for (int p = 0; p < pixels; p++) {
      KERNEL(store)(y + b * block_stride + p * BLOCK, sum[p][b]);
    }
  }
  if (!e || !KERNEL(needs_finish)(e)) return;
  UNROLL for (int b = 0; b < width; b++) {
    KERNEL(finish)(e, y + b * block_stride, offset + b * block_stride, pixels * BLOCK);
  }
}

typedef void (*tile_kernel)(
    ptrdiff_t step, const int32_t *offsets, ptrdiff_t taps, const float *x, const float *weights,
    const blocked_epilogue *e, ptrdiff_t filter, float *image, ptrdiff_t offset,
    ptrdiff_t block_stride);

/// Neighbouring pixels apart from others: their addresses are then constants.
#define TILE(width, pixels)                                                                      \
  static void KERNEL(blocked_##width##x##pixels)(                                                \
      ptrdiff_t step, const int32_t *offsets, ptrdiff_t taps, const float *x,                    \
      const float *weights, const blocked_epilogue *e, ptrdiff_t filter, float *image,           \
      ptrdiff_t offset, ptrdiff_t block_stride) {                                                \
    if (step == BLOCK) {                                                                         \
      KERNEL(tile)(width, pixels, BLOCK, BLOCK, offsets, taps, x, weights, e, filter, image,     \
          offset, block_stride);                                                                 \
    } else {                                                                                     \
      KERNEL(tile)(width, pixels, BLOCK, step, offsets, taps, x, weights, e, filter, image,      \
          offset, block_stride);                                                                 \
    }                                                                                            \
  }                                                                                              \
  static void KERNEL(planar_##width##x##pixels)(                                                 \
      ptrdiff_t step, const int32_t *offsets, ptrdiff_t taps, const float *x,                    \
      const float *weights, const blocked_epilogue *e, ptrdiff_t filter, float *image,           \
      ptrdiff_t offset, ptrdiff_t block_stride) {                                                \
    KERNEL(tile)(width, pixels, 1, step, offsets, taps, x, weights, e, filter, image, offset,    \
        block_stride);                                                                           \
  }

#define UP_TO_2(X, width) X(width, 1) X(width, 2)
#define UP_TO_4(X, width) UP_TO_2(X, width) X(width, 3) X(width, 4)
#define UP_TO_6(X, width) UP_TO_4(X, width) X(width, 5) X(width, 6)
#define UP_TO_12(X, width)                                                                       \
  UP_TO_6(X, width) X(width, 7) X(width, 8) X(width, 9) X(width, 10) X(width, 11) X(width, 12)
#define UP_TO_(X, width, pixels) UP_TO_##pixels(X, width)
#define UP_TO(X, width, pixels) UP_TO_(X, width, pixels)

UP_TO(TILE, 1, PIXELS_OF_ONE)
UP_TO(TILE, 2, PIXELS_OF_TWO)

#define BLOCKED_ENTRY(width, pixels) [pixels] = KERNEL(blocked_##width##x##pixels),
#define PLANAR_ENTRY(width, pixels) [pixels] = KERNEL(planar_##width##x##pixels),

static const tile_kernel KERNEL(blocked_tiles)[2][PIXELS_OF_ONE + 1] = {
  {UP_TO(BLOCKED_ENTRY, 1, PIXELS_OF_ONE)}, {UP_TO(BLOCKED_ENTRY, 2, PIXELS_OF_TWO)}};
static const tile_kernel KERNEL(planar_tiles)[2][PIXELS_OF_ONE + 1] = {
  {UP_TO(PLANAR_ENTRY, 1, PIXELS_OF_ONE)}, {UP_TO(PLANAR_ENTRY, 2, PIXELS_OF_TWO)}};

/// `count` pixels from x and image + offset on, in tiles of nearly equal size.
INLINE void KERNEL(pixel_run)(
    const tile_kernel (*tiles)[PIXELS_OF_ONE + 1], const filter_unit *unit,
    ptrdiff_t count, ptrdiff_t step, const int32_t *offsets, ptrdiff_t taps, const float *x,
    const float *weights, const blocked_epilogue *e, float *image, ptrdiff_t offset,
    ptrdiff_t block_stride) {
  ptrdiff_t most = unit->width == 2 ? PIXELS_OF_TWO : PIXELS_OF_ONE;
  ptrdiff_t pieces = (count + most - 1) / most;
  for (ptrdiff_t i = 0, first = 0; i < pieces; i++) {
    ptrdiff_t end = count * (i + 1) / pieces;
    tiles[unit->width - 1][end - first](
        step, offsets, taps, x + first * step, weights, e, (ptrdiff_t)unit->output_block * BLOCK,
        image, offset + first * BLOCK, block_stride);
    first = end;
  }
}

// MARK: Direct convolution

/// Copies the input rows of a strip with the zeros around them, blocks [first, end).
INLINE void KERNEL(copy_strip)(
    const convolution_geometry *g, const float *x, ptrdiff_t lanes, ptrdiff_t first,
    ptrdiff_t end, ptrdiff_t top, ptrdiff_t rows, ptrdiff_t width, float *strip) {
  ptrdiff_t left = g->padding < width ? g->padding : width;
  ptrdiff_t cells = width - left < g->width ? width - left : g->width;
  for (ptrdiff_t b = first; b < end; b++) {
    for (ptrdiff_t row = top; row < top + rows; row++, strip += width * lanes) {
      if (row < 0 || row >= g->height) {
        memset(strip, 0, (size_t)(width * lanes) * sizeof(float));
        continue;
      }
      const float *from = x + (b * g->height + row) * g->width * lanes;
      memset(strip, 0, (size_t)(left * lanes) * sizeof(float));
      memcpy(strip + left * lanes, from, (size_t)(cells * lanes) * sizeof(float));
      memset(strip + (left + cells) * lanes, 0,
          (size_t)((width - left - cells) * lanes) * sizeof(float));
    }
  }
}

void KERNEL(convolve_blocked_f32)(
    const convolution_geometry *g, bool planar, const filter_unit *units, size_t unit_count,
    const float *x, const float *weights, const blocked_epilogue *e, float *y, ptrdiff_t row,
    ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end, void *scratch) {
  ptrdiff_t lanes = planar ? 1 : BLOCK;
  ptrdiff_t first = units[0].first_block, end = first;
  for (size_t u = 0; u < unit_count; u++) {
    ptrdiff_t last = (ptrdiff_t)units[u].first_block + units[u].block_count;
    if (units[u].first_block < first) first = units[u].first_block;
    if (last > end) end = last;
  }
  ptrdiff_t reach = (g->size - 1) * g->dilation;
  ptrdiff_t top = row * g->stride_y - g->padding;
  ptrdiff_t rows = (row_end - row - 1) * g->stride_y + reach + 1;
  ptrdiff_t width = (g->out_width - 1) * g->stride_x + reach + 1;
  ptrdiff_t taps = g->size * g->size;

  int32_t *offsets = scratch;
  const float *cells = x + (first * g->height + top) * g->width * lanes;
  ptrdiff_t row_floats = g->width * lanes, block_floats = g->height * row_floats;
  if (blocked_needs_halo(g)) {
    ptrdiff_t table = ((end - first) * taps + 15) / 16 * 16;
    float *strip = (float *)(offsets + table);
    KERNEL(copy_strip)(g, x, lanes, first, end, top, rows, width, strip);
    cells = strip;
    row_floats = width * lanes;
    block_floats = rows * row_floats;
  }
  for (ptrdiff_t i = 0; i < (end - first) * taps; i++) {
    ptrdiff_t ky = i % taps / g->size, kx = i % g->size;
    offsets[i] = (int32_t)(i / taps * block_floats + ky * g->dilation * row_floats
        + kx * g->dilation * lanes);
  }

  ptrdiff_t plane = g->out_height * g->out_width * BLOCK;
  for (size_t u = 0; u < unit_count; u++) {
    const filter_unit *unit = units + u;
    for (ptrdiff_t oy = row; oy < row_end; oy++) {
      KERNEL(pixel_run)(
          planar ? KERNEL(planar_tiles) : KERNEL(blocked_tiles), unit, column_end - column,
          g->stride_x * lanes, offsets + (unit->first_block - first) * taps,
          unit->block_count * taps,
          cells + (oy - row) * g->stride_y * row_floats + column * g->stride_x * lanes,
          weights + unit->weights, e, y,
          unit->output_block * plane + (oy * g->out_width + column) * BLOCK, plane);
    }
  }
}

// MARK: Winograd

/// B' d for points 0, +-sqrt(1/2), +-sqrt(2), infinity: 6 values `from` apart to 6 `to` apart.
INLINE void KERNEL(transform_6)(const vblock *d, const int from, vblock *t, const int to) {
  const float root = 1.41421356237309515f;
  vblock a = d[4 * from] - 2 * d[2 * from], b = d[3 * from] - 2 * d[from];
  vblock c = d[4 * from] - 0.5f * d[2 * from], f = d[3 * from] - 0.5f * d[from];
  t[0] = d[0] - 2.5f * d[2 * from] + d[4 * from];
  t[to] = a + (root / 2) * b;
  t[2 * to] = a - (root / 2) * b;
  t[3 * to] = c + root * f;
  t[4 * to] = c - root * f;
  t[5 * to] = d[from] - 2.5f * d[3 * from] + d[5 * from];
}

/// A' m: 6 values `from` apart to 4 `to` apart.
INLINE void KERNEL(transform_4)(const vblock *m, const int from, vblock *t, const int to) {
  const float root = 1.41421356237309515f;
  vblock s1 = m[from] + m[2 * from], d1 = m[from] - m[2 * from];
  vblock s2 = m[3 * from] + m[4 * from], d2 = m[3 * from] - m[4 * from];
  t[0] = m[0] + s1 + s2;
  t[to] = (root / 2) * d1 + root * d2;
  t[2 * to] = 0.5f * s1 + 2 * s2;
  t[3 * to] = (root / 4) * d1 + (2 * root) * d2 + m[5 * from];
}

void KERNEL(winograd_input_f32)(
    const convolution_geometry *g, const float *x, ptrdiff_t tile, ptrdiff_t tile_end,
    float *v, ptrdiff_t stride) {
  ptrdiff_t across = (g->out_width + 3) / 4;
  for (ptrdiff_t i = tile; i < tile_end; i++, v += BLOCK) {
    ptrdiff_t top = i / across * 4 - g->padding, left = i % across * 4 - g->padding;
    vblock d[36], t[36];
    if (top >= 0 && left >= 0 && top + 6 <= g->height && left + 6 <= g->width) {
      UNROLL for (int j = 0; j < 6; j++) {
        const float *from = x + ((top + j) * g->width + left) * BLOCK;
        UNROLL for (int k = 0; k < 6; k++) d[j * 6 + k] = KERNEL(load)(from + k * BLOCK);
      }
    } else {
      for (int j = 0; j < 36; j++) {
        ptrdiff_t row = top + j / 6, column = left + j % 6;
        bool inside = row >= 0 && row < g->height && column >= 0 && column < g->width;
        d[j] = inside ? KERNEL(load)(x + (row * g->width + column) * BLOCK) : (vblock)0;
      }
    }
    UNROLL for (int k = 0; k < 6; k++) KERNEL(transform_6)(d + k, 6, t + k, 6);
    UNROLL for (int j = 0; j < 6; j++) {
      vblock row[6];
      KERNEL(transform_6)(t + j * 6, 1, row, 1);
      UNROLL for (int k = 0; k < 6; k++) KERNEL(store)(v + (j * 6 + k) * stride, row[k]);
    }
  }
}

void KERNEL(winograd_multiply_f32)(
    const filter_unit *units, size_t unit_count, const float *v, ptrdiff_t v_tiles,
    const float *weights, float *m, ptrdiff_t tiles, int32_t *offsets) {
  for (ptrdiff_t i = 0; i < units[0].block_count; i++) offsets[i] = (int32_t)(i * v_tiles * BLOCK);
  for (size_t u = 0; u < unit_count; u++) {
    KERNEL(pixel_run)(
        KERNEL(blocked_tiles), units + u, tiles, BLOCK, offsets, units[u].block_count, v,
        weights + units[u].weights, NULL, m, units[u].output_block * v_tiles * BLOCK,
        v_tiles * BLOCK);
  }
}

void KERNEL(winograd_output_f32)(
    const convolution_geometry *g, const float *m, ptrdiff_t stride, ptrdiff_t tile,
    ptrdiff_t tile_end, ptrdiff_t block, const blocked_epilogue *e, float *y) {
  ptrdiff_t across = (g->out_width + 3) / 4;
  ptrdiff_t plane = block * g->out_height * g->out_width * BLOCK;
  vblock bias = KERNEL(load)(e->bias + block * BLOCK);
  float slope = KERNEL(slope_of)(e->first);
  bool needs_finish = KERNEL(needs_finish)(e);
  for (ptrdiff_t i = tile; i < tile_end; i++, m += BLOCK) {
    ptrdiff_t top = i / across * 4, left = i % across * 4;
    vblock t[24];
    UNROLL for (int k = 0; k < 6; k++) {
      vblock column[6];
      UNROLL for (int j = 0; j < 6; j++) column[j] = KERNEL(load)(m + (j * 6 + k) * stride);
      KERNEL(transform_4)(column, 1, t + k, 6);
    }
    ptrdiff_t rows = g->out_height - top < 4 ? g->out_height - top : 4;
    ptrdiff_t columns = g->out_width - left < 4 ? g->out_width - left : 4;
    for (ptrdiff_t j = 0; j < rows; j++) {
      vblock row[4];
      KERNEL(transform_4)(t + j * 6, 1, row, 1);
      UNROLL for (int k = 0; k < 4; k++) row[k] = KERNEL(slope)(row[k] + bias, slope);
      ptrdiff_t offset = plane + ((top + j) * g->out_width + left) * BLOCK;
      if (columns == 4) {
        UNROLL for (int k = 0; k < 4; k++) KERNEL(store)(y + offset + k * BLOCK, row[k]);
      } else {
        for (ptrdiff_t k = 0; k < columns; k++) KERNEL(store)(y + offset + k * BLOCK, row[k]);
      }
      if (needs_finish) KERNEL(finish)(e, y + offset, offset, columns * BLOCK);
    }
  }
}

// MARK: Depthwise

/// `pixels` outputs whose windows lie inside the row, or one that is cut to taps [left, right).
INLINE void KERNEL(depthwise_tile)(
    const int pixels, const float *x, ptrdiff_t row_floats, ptrdiff_t step, ptrdiff_t dilation,
    ptrdiff_t size, ptrdiff_t top, ptrdiff_t bottom, ptrdiff_t left, ptrdiff_t right,
    const float *weights, vblock bias, float slope, float *y) {
  vblock sum[8];
  UNROLL for (int p = 0; p < pixels; p++) sum[p] = bias;
  for (ptrdiff_t ky = top; ky < bottom; ky++) {
    for (ptrdiff_t kx = left; kx < right; kx++) {
      vblock weight = KERNEL(load)(weights + (ky * size + kx) * BLOCK);
      const float *cells = x + ky * dilation * row_floats + kx * dilation * BLOCK;
      UNROLL for (int p = 0; p < pixels; p++) {
        sum[p] += KERNEL(load)(cells + p * step) * weight;
      }
    }
  }
  UNROLL for (int p = 0; p < pixels; p++) {
    KERNEL(store)(y + p * BLOCK, KERNEL(slope)(sum[p], slope));
  }
}

/// The first tap at or after cell 0, and the first at or after cell `extent`, of a window that
/// starts at `start`.
INLINE ptrdiff_t KERNEL(tap_at)(ptrdiff_t start, ptrdiff_t cell, ptrdiff_t dilation, ptrdiff_t size) {
  ptrdiff_t tap = start < cell ? (cell - start + dilation - 1) / dilation : 0;
  return tap < size ? tap : size;
}

INLINE void KERNEL(depthwise_row)(
    const convolution_geometry *g, const float *x, const float *weights, vblock bias, float slope,
    ptrdiff_t oy, const ptrdiff_t size, const ptrdiff_t stride, float *y) {
  enum { PIXELS = LANES == 4 ? 4 : 8 };
  ptrdiff_t start = oy * g->stride_y - g->padding, row_floats = g->width * BLOCK;
  ptrdiff_t top = KERNEL(tap_at)(start, 0, g->dilation, size);
  ptrdiff_t bottom = KERNEL(tap_at)(start, g->height, g->dilation, size);
  ptrdiff_t reach = (size - 1) * g->dilation, step = stride * BLOCK;
  const float *rows = x + start * row_floats;
  for (ptrdiff_t ox = 0; ox < g->out_width;) {
    ptrdiff_t column = ox * stride - g->padding;
    const float *cells = rows + column * BLOCK;
    ptrdiff_t last = column + (PIXELS - 1) * stride + reach;
    if (column >= 0 && ox + PIXELS <= g->out_width && last < g->width) {
      KERNEL(depthwise_tile)(PIXELS, cells, row_floats, step, g->dilation, size, top, bottom, 0,
          size, weights, bias, slope, y + ox * BLOCK);
      ox += PIXELS;
    } else {
      ptrdiff_t left = KERNEL(tap_at)(column, 0, g->dilation, size);
      ptrdiff_t right = KERNEL(tap_at)(column, g->width, g->dilation, size);
      KERNEL(depthwise_tile)(1, cells, row_floats, step, g->dilation, size, top, bottom, left,
          right, weights, bias, slope, y + ox * BLOCK);
      ox++;
    }
  }
}

void KERNEL(depthwise_blocked_f32)(
    const convolution_geometry *g, const float *x, const float *weights,
    const blocked_epilogue *e, float *y, ptrdiff_t block, ptrdiff_t row, ptrdiff_t row_end) {
  x += block * g->height * g->width * BLOCK;
  weights += block * g->size * g->size * BLOCK;
  vblock bias = KERNEL(load)(e->bias + block * BLOCK);
  float slope = KERNEL(slope_of)(e->first);
  for (ptrdiff_t oy = row; oy < row_end; oy++) {
    ptrdiff_t offset = (block * g->out_height + oy) * g->out_width * BLOCK;
    float *to = y + offset;
    if (g->size == 3 && g->stride_x == 1) {
      KERNEL(depthwise_row)(g, x, weights, bias, slope, oy, 3, 1, to);
    } else if (g->size == 3 && g->stride_x == 2) {
      KERNEL(depthwise_row)(g, x, weights, bias, slope, oy, 3, 2, to);
    } else {
      KERNEL(depthwise_row)(g, x, weights, bias, slope, oy, g->size, g->stride_x, to);
    }
    if (KERNEL(needs_finish)(e)) KERNEL(finish)(e, to, offset, g->out_width * BLOCK);
  }
}

// MARK: Pools

INLINE vblock KERNEL(larger)(vblock x, vblock than) { return x > than ? x : than; }

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

#undef vblock
#undef vblock_at
#undef tile_kernel
#undef PIXELS_OF_ONE
#undef PIXELS_OF_TWO
#undef TILE
#undef BLOCKED_ENTRY
#undef PLANAR_ENTRY
#undef UP_TO_2
#undef UP_TO_4
#undef UP_TO_6
#undef UP_TO_12
#undef UP_TO_
#undef UP_TO
