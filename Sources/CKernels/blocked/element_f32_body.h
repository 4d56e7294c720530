// Cells of floats: one channel a word.

#undef CELL_WORDS
#define CELL_WORDS BLOCK_LANES

typedef float KERNEL(element);

INLINE vwide KERNEL(wide_first)(const pixel_run *r, ptrdiff_t lane) {
  return KERNEL(load_wide)(r->bias + lane);
}

INLINE vwide KERNEL(wide_multiply_add)(vwide sum, vwide cell, vwide weight) {
  return sum + cell * weight;
}

INLINE vwide KERNEL(wide_value)(vwide sum, const pixel_run *r, ptrdiff_t lane) {
  (void)r;
  (void)lane;
  return sum;
}

#if LANES == 16
INLINE vblock KERNEL(narrow_first)(const pixel_run *r, ptrdiff_t lane) {
  return KERNEL(load)(r->bias + lane);
}

INLINE vblock KERNEL(narrow_multiply_add)(vblock sum, vblock cell, vblock weight) {
  return sum + cell * weight;
}

INLINE vblock KERNEL(narrow_value)(vblock sum, const pixel_run *r, ptrdiff_t lane) {
  (void)r;
  (void)lane;
  return sum;
}
#endif

/// A register of channels as elements.
INLINE void KERNEL(put_wide)(float *y, vwide v) { KERNEL(store_wide)(y, v); }

/// `n` elements of x, and `n` zeros.
INLINE void KERNEL(put_elements)(
    KERNEL(element) *y, const float *x, ptrdiff_t n, const quantization *q) {
  (void)q;
  memcpy(y, x, (size_t)n * sizeof *y);
}

INLINE void KERNEL(put_zeros)(KERNEL(element) *y, ptrdiff_t n, const quantization *q) {
  (void)q;
  memset(y, 0, (size_t)n * sizeof *y);
}
