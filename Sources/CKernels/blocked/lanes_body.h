// The registers of one tier, and the activations that are applied in them.

typedef float vblock __attribute__((ext_vector_type(BLOCK)));
typedef float vwide __attribute__((ext_vector_type(WIDE)));
/// At any address.
typedef float vblock_at __attribute__((ext_vector_type(BLOCK), aligned(4)));
typedef float vwide_at __attribute__((ext_vector_type(WIDE), aligned(4)));

INLINE vblock KERNEL(load)(const float *x) { return *(const vblock_at *)x; }
INLINE void KERNEL(store)(float *y, vblock v) { *(vblock_at *)y = v; }
INLINE vwide KERNEL(load_wide)(const float *x) { return *(const vwide_at *)x; }
INLINE void KERNEL(store_wide)(float *y, vwide v) { *(vwide_at *)y = v; }

/// A pixel's channels from as many blocks as fill a wide register, `stride` floats apart.
INLINE vwide KERNEL(gather)(const float *x, ptrdiff_t stride) {
#if LANES == 16
  return __builtin_shufflevector(KERNEL(load)(x), KERNEL(load)(x + stride), 0, 1, 2, 3, 4, 5, 6, 7,
      8, 9, 10, 11, 12, 13, 14, 15);
#else
  (void)stride;
  return KERNEL(load)(x);
#endif
}

/// The way back.
INLINE void KERNEL(scatter)(float *y, ptrdiff_t stride, vwide v) {
#if LANES == 16
  KERNEL(store)(y, v.lo);
  KERNEL(store)(y + stride, v.hi);
#else
  (void)stride;
  KERNEL(store)(y, v);
#endif
}

/// The same where only the first block may be there.
INLINE vwide KERNEL(gather_some)(const float *x, ptrdiff_t stride, bool has_pair) {
#if LANES == 16
  if (!has_pair) {
    return __builtin_shufflevector(KERNEL(load)(x), (vblock)0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
        12, 13, 14, 15);
  }
#endif
  (void)has_pair;
  return KERNEL(gather)(x, stride);
}

INLINE void KERNEL(scatter_some)(float *y, ptrdiff_t stride, bool has_pair, vwide v) {
#if LANES == 16
  KERNEL(store)(y, v.lo);
  if (has_pair) KERNEL(store)(y + stride, v.hi);
#else
  (void)has_pair;
  KERNEL(scatter)(y, stride, v);
#endif
}

/// Lane by lane; NaN in `x` is never the larger.
INLINE vblock KERNEL(larger)(vblock x, vblock than) { return x > than ? x : than; }
INLINE vwide KERNEL(larger_wide)(vwide x, vwide than) { return x > than ? x : than; }

// MARK: Epilogue

/// Whether an activation is so short that it is applied in registers.
INLINE bool KERNEL(is_short)(activation act) {
  return act == ACTIVATION_LINEAR || act == ACTIVATION_LEAKY || act == ACTIVATION_RELU;
}

/// By what a short activation multiplies negative values.
INLINE float KERNEL(slope_of)(activation act) {
  return act == ACTIVATION_LEAKY ? 0.1f
      : act == ACTIVATION_RELU || act == ACTIVATION_RELU6 ? 0 : 1;
}

/// What a short activation, or `relu6`, does not let pass.
INLINE float KERNEL(top_of)(activation act) {
  return act == ACTIVATION_RELU6 ? 6 : __builtin_inff();
}

/// x < 0 times `slope`; NaN and x > 0 as they are.
INLINE vblock KERNEL(slope)(vblock x, float slope) { return x < 0 ? x * slope : x; }
INLINE vwide KERNEL(slope_wide)(vwide x, float slope) { return x < 0 ? x * slope : x; }

/// Whether registers cannot do all that follows a sum.
INLINE bool KERNEL(needs_finish)(const blocked_epilogue *e) {
  return !KERNEL(is_short)(e->first) || e->residual;
}

/// What the registers could not do to n stored values at `y`, `offset` floats into the image.
static __attribute__((noinline, unused)) void KERNEL(finish)(
    const blocked_epilogue *e, float *y, ptrdiff_t offset, ptrdiff_t n) {
  if (!KERNEL(is_short)(e->first)) KERNEL(activate_f32)(e->first, y, y, (size_t)n);
  if (!e->residual) return;
  KERNEL(add_f32)(y, e->residual + offset, y, (size_t)n);
  if (e->second != ACTIVATION_LINEAR) KERNEL(activate_f32)(e->second, y, y, (size_t)n);
}
