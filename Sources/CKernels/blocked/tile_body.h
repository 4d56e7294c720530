// Tiles: the sums of some neighbouring pixels at one or two registers of filters, kept in registers
// from the first tap to the last activation. Included once for each type of register, with
// VECTOR: the type; VECTOR_LANES: its floats; TILE(name): the names of its functions, of which the
// elements' file defines `first`, `multiply_add` and `value`.
//
// Cells and weights are words of 32 bits, a float or several narrower elements.

INLINE VECTOR TILE(load)(const float *x) {
  typedef float any_address __attribute__((ext_vector_type(VECTOR_LANES), aligned(4)));
  return *(const any_address *)x;
}

/// One register of filters to the blocks it holds, or, of coefficients, as it is.
INLINE void TILE(put)(float *y, ptrdiff_t stride, bool is_whole, VECTOR v) {
  typedef float any_address __attribute__((ext_vector_type(VECTOR_LANES), aligned(4)));
#if VECTOR_LANES > BLOCK_LANES
  if (!is_whole) {
    KERNEL(store)(y, v.lo);
    KERNEL(store)(y + stride, v.hi);
    return;
  }
#endif
  *(any_address *)y = v;
}

INLINE VECTOR TILE(get)(const float *y, ptrdiff_t stride) {
#if VECTOR_LANES > BLOCK_LANES
  return KERNEL(gather)(y, stride);
#else
  return TILE(load)(y);
#endif
}

INLINE VECTOR TILE(slope)(VECTOR x, float slope) { return x < 0 ? x * slope : x; }

/// - Parameter vectors: registers of filters, 1 or 2.
/// - Parameter lanes: words at a tap, neighbours in memory.
/// - Parameter step: words from pixel to pixel.
/// - Parameter is_whole: whether y is coefficients, whose registers are not divided into blocks.
INLINE void TILE(tile)(
    const int vectors, const int pixels, const int lanes, ptrdiff_t step, const bool is_whole,
    const pixel_run *r, const float *x, float *y, const float *residual) {
  VECTOR sum[MOST_PIXELS][2];
  UNROLL for (int p = 0; p < pixels; p++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      sum[p][v] = is_whole ? (VECTOR)0 : TILE(first)(r, v * VECTOR_LANES);
    }
  }
  const float *weights = r->weights, *ahead = r->next;
  for (ptrdiff_t t = 0; t < r->taps; t++) {
    const float *cells = x + r->offsets[t];
    for (ptrdiff_t i = 0; i < r->ahead; i++, ahead += LINE) __builtin_prefetch(ahead, 0, 2);
    LANE_UNROLL for (int c = 0; c < lanes; c++) {
      VECTOR weight[2];
      UNROLL for (int v = 0; v < vectors; v++) {
        weight[v] = TILE(load)(weights + (c * vectors + v) * VECTOR_LANES);
      }
      UNROLL for (int p = 0; p < pixels; p++) {
        VECTOR cell = (VECTOR)cells[p * step + c];
        UNROLL for (int v = 0; v < vectors; v++) {
          sum[p][v] = TILE(multiply_add)(sum[p][v], cell, weight[v]);
        }
      }
    }
    weights += lanes * vectors * VECTOR_LANES;
  }
  const int out_lanes = is_whole ? VECTOR_LANES : BLOCK_LANES;
  const ptrdiff_t next = is_whole ? r->stride : r->stride * (VECTOR_LANES / BLOCK_LANES);
  if (!is_whole) {
    UNROLL for (int p = 0; p < pixels; p++) {
      UNROLL for (int v = 0; v < vectors; v++) {
        sum[p][v] = TILE(value)(sum[p][v], r, v * VECTOR_LANES);
      }
    }
  }
  if (!is_whole && r->first != 1) {
    UNROLL for (int p = 0; p < pixels; p++) {
      UNROLL for (int v = 0; v < vectors; v++) sum[p][v] = TILE(slope)(sum[p][v], r->first);
    }
  }
  if (residual) {
    UNROLL for (int p = 0; p < pixels; p++) {
      UNROLL for (int v = 0; v < vectors; v++) {
        VECTOR other = TILE(get)(residual + v * next + p * out_lanes, r->stride);
        sum[p][v] = TILE(slope)(sum[p][v] + other, r->second);
      }
    }
  }
  UNROLL for (int v = 0; v < vectors; v++) {
    UNROLL for (int p = 0; p < pixels; p++) {
      TILE(put)(y + v * next + p * out_lanes, r->stride, is_whole, sum[p][v]);
    }
  }
}
