// Tiles of a lone block of filters whose pixels are neighbours in memory: two of them to a register
// that the filters of one would fill by half. The words of both cells are loaded at once, and each
// spread over the filters of its pixel.

INLINE vwide KERNEL(twice)(vblock v) {
  return __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
}

/// The cells of one pixel or of two, `words` in all; what stands behind them is not read.
INLINE vwide KERNEL(load_words)(const float *x, const int words) {
  if (words == 16) return KERNEL(load_wide)(x);
  if (words == 8) return KERNEL(twice)(KERNEL(load)(x));
  typedef float four __attribute__((ext_vector_type(4), aligned(4)));
  typedef float two __attribute__((ext_vector_type(2), aligned(4)));
  four cells = words == 4 ? *(const four *)x : __builtin_shufflevector(
      *(const two *)x, *(const two *)x, 0, 1, 0, 1);
  return KERNEL(twice)(__builtin_shufflevector(cells, cells, 0, 1, 2, 3, 0, 1, 2, 3));
}

/// Word `word` of the first cell for the lower filters, that of the second for the upper.
INLINE vwide KERNEL(spread)(vwide cells, const int word) {
  typedef int places __attribute__((ext_vector_type(16)));
  const int second = CELL_WORDS;
  const places which = {0, 0, 0, 0, 0, 0, 0, 0, second, second, second, second, second, second,
      second, second};
  return (vwide)_mm512_permutexvar_ps((__m512i)(which + word), (__m512)cells);
}

INLINE void KERNEL(paired_tile)(
    const int pixels, const pixel_run *r, const float *x, float *y, const float *residual) {
  const int pairs = (pixels + 1) / 2;
  vwide sum[(MOST_PIXELS + 1) / 2], cells[(MOST_PIXELS + 1) / 2];
  UNROLL for (int p = 0; p < pairs; p++) sum[p] = KERNEL(twice)(KERNEL(narrow_first)(r, 0));
  const float *weights = r->weights, *ahead = r->next;
  for (ptrdiff_t t = 0; t < r->taps; t++) {
    const float *from = x + r->offsets[t];
    for (ptrdiff_t i = 0; i < r->ahead; i++, ahead += LINE) __builtin_prefetch(ahead, 0, 2);
    UNROLL for (int p = 0; p < pairs; p++) {
      const int words = 2 * p + 1 < pixels ? 2 * CELL_WORDS : CELL_WORDS;
      cells[p] = KERNEL(load_words)(from + 2 * p * CELL_WORDS, words);
    }
    UNROLL for (int c = 0; c < CELL_WORDS; c++, weights += BLOCK) {
      vwide weight = KERNEL(twice)(KERNEL(load)(weights));
      UNROLL for (int p = 0; p < pairs; p++) {
        sum[p] = KERNEL(wide_multiply_add)(sum[p], KERNEL(spread)(cells[p], c), weight);
      }
    }
  }
  UNROLL for (int p = 0; p < pairs; p++) {
    vblock low = KERNEL(narrow_value)(sum[p].lo, r, 0);
    vblock high = KERNEL(narrow_value)(sum[p].hi, r, 0);
    vwide value = __builtin_shufflevector(
        low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const bool is_pair = 2 * p + 1 < pixels;
    value = KERNEL(slope_wide)(value, r->first);
    if (residual) {
      value += KERNEL(load_words)(residual + 2 * p * BLOCK, is_pair ? 2 * BLOCK : BLOCK);
      value = KERNEL(slope_wide)(value, r->second);
    }
    if (is_pair) KERNEL(store_wide)(y + 2 * p * BLOCK, value);
    else KERNEL(store)(y + 2 * p * BLOCK, value.lo);
  }
}
