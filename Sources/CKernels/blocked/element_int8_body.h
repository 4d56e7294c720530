// Cells of bytes: four channels a word, unsigned, with a zero point, times signed weights.

#undef CELL_WORDS
#define CELL_WORDS (BLOCK_LANES / 4)

typedef uint8_t KERNEL(element);

INLINE vwide KERNEL(wide_first)(const pixel_run *r, ptrdiff_t lane) {
  return KERNEL(load_wide)((const float *)r->starts + lane);
}

INLINE vwide KERNEL(wide_multiply_add)(vwide sum, vwide cell, vwide weight) {
  return (vwide)_mm512_dpbusd_epi32((__m512i)sum, (__m512i)cell, (__m512i)weight);
}

INLINE vwide KERNEL(wide_value)(vwide sum, const pixel_run *r, ptrdiff_t lane) {
  vwide count = (vwide)_mm512_cvtepi32_ps((__m512i)sum);
  return count * KERNEL(load_wide)(r->scales + lane)
      + KERNEL(load_wide)(r->bias + lane);
}

INLINE vblock KERNEL(narrow_first)(const pixel_run *r, ptrdiff_t lane) {
  return KERNEL(load)((const float *)r->starts + lane);
}

INLINE vblock KERNEL(narrow_multiply_add)(vblock sum, vblock cell, vblock weight) {
  return (vblock)_mm256_dpbusd_epi32((__m256i)sum, (__m256i)cell, (__m256i)weight);
}

INLINE vblock KERNEL(narrow_value)(vblock sum, const pixel_run *r, ptrdiff_t lane) {
  vblock count = (vblock)_mm256_cvtepi32_ps((__m256i)sum);
  return count * KERNEL(load)(r->scales + lane) + KERNEL(load)(r->bias + lane);
}

/// `n` elements of x, a multiple of 8; NaN becomes 0.
///
/// What lies above is clipped before it becomes a whole number, of which the largest float would be
/// the least. The second operand of a minimum is what stands for a NaN.
INLINE void KERNEL(put_elements)(
    KERNEL(element) *y, const float *x, ptrdiff_t n, const quantization *q) {
  const __m512 scale = _mm512_set1_ps(q->inverse), zero = _mm512_set1_ps((float)q->zero);
  const __m512 most = _mm512_set1_ps(255);
  ptrdiff_t i = 0;
  for (; i + 16 <= n; i += 16) {
    __m512 values = _mm512_min_ps(most, _mm512_fmadd_ps(_mm512_loadu_ps(x + i), scale, zero));
    __m512i v = _mm512_max_epi32(_mm512_cvtps_epi32(values), _mm512_setzero_si512());
    _mm_storeu_si128((__m128i *)(y + i), _mm512_cvtusepi32_epi8(v));
  }
  if (i < n) {
    __m256 values = _mm256_fmadd_ps(
        _mm256_loadu_ps(x + i), _mm512_castps512_ps256(scale), _mm512_castps512_ps256(zero));
    values = _mm256_min_ps(_mm512_castps512_ps256(most), values);
    __m256i v = _mm256_max_epi32(_mm256_cvtps_epi32(values), _mm256_setzero_si256());
    _mm_storel_epi64((__m128i *)(y + i), _mm256_cvtusepi32_epi8(v));
  }
}

/// The zero point stands for what lies outside the image.
INLINE void KERNEL(put_zeros)(KERNEL(element) *y, ptrdiff_t n, const quantization *q) {
  memset(y, q->zero, (size_t)n);
}
