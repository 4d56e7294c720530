// Cells of bfloat16, the upper half of a float: two channels a word, whose products are added to
// sums of floats. Rounds to nearest, ties to even.

#undef CELL_WORDS
#define CELL_WORDS (BLOCK_LANES / 2)

typedef uint16_t KERNEL(element);

INLINE vwide KERNEL(wide_first)(const pixel_run *r, ptrdiff_t lane) {
  return KERNEL(load_wide)(r->bias + lane);
}

INLINE vwide KERNEL(wide_multiply_add)(vwide sum, vwide cell, vwide weight) {
  return (vwide)_mm512_dpbf16_ps((__m512)sum, (__m512bh)cell, (__m512bh)weight);
}

INLINE vwide KERNEL(wide_value)(vwide sum, const pixel_run *r, ptrdiff_t lane) {
  (void)r;
  (void)lane;
  return sum;
}

INLINE vblock KERNEL(narrow_first)(const pixel_run *r, ptrdiff_t lane) {
  return KERNEL(load)(r->bias + lane);
}

INLINE vblock KERNEL(narrow_multiply_add)(vblock sum, vblock cell, vblock weight) {
  return (vblock)_mm256_dpbf16_ps((__m256)sum, (__m256bh)cell, (__m256bh)weight);
}

INLINE vblock KERNEL(narrow_value)(vblock sum, const pixel_run *r, ptrdiff_t lane) {
  (void)r;
  (void)lane;
  return sum;
}

/// A register of channels as elements.
INLINE void KERNEL(put_wide)(float *y, vwide v) {
  _mm256_storeu_si256((__m256i *)y, (__m256i)_mm512_cvtneps_pbh((__m512)v));
}

/// `n` elements of x, a multiple of 8.
INLINE void KERNEL(put_elements)(
    KERNEL(element) *y, const float *x, ptrdiff_t n, const quantization *q) {
  (void)q;
  ptrdiff_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __m512bh both = _mm512_cvtne2ps_pbh(_mm512_loadu_ps(x + i + 16), _mm512_loadu_ps(x + i));
    _mm512_storeu_si512(y + i, (__m512i)both);
  }
  for (; i < n; i += 8) {
    _mm_storeu_si128((__m128i *)(y + i), (__m128i)_mm256_cvtneps_pbh(_mm256_loadu_ps(x + i)));
  }
}

INLINE void KERNEL(put_zeros)(KERNEL(element) *y, ptrdiff_t n, const quantization *q) {
  (void)q;
  memset(y, 0, (size_t)n * sizeof *y);
}
