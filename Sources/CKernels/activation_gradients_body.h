// The derivatives of one tier's activations; the end of `activations_body.h`.
//
// Where a function has a corner, its derivative there is that of `reference_activation_slope`.

// MARK: One register of each derivative

#define DERIVATIVE_OF(name) INLINE vfloat KERNEL(slope_##name)(vfloat x)

/// `inside` where low < x < high, else `outside`.
INLINE vfloat KERNEL(step_between)(vfloat x, float low, float high, float inside, float outside) {
  vfloat below = x < high ? (vfloat)inside : (vfloat)outside;
  return x > low ? below : (vfloat)outside;
}

DERIVATIVE_OF(linear) { return (vfloat)1 + 0 * x; }

/// z / (1 + z)^2, z = e^-|x|.
DERIVATIVE_OF(logistic) {
  vfloat z = KERNEL(exp_negative)(-__builtin_elementwise_abs(x));
  return z / ((1 + z) * (1 + z));
}

/// 1 - tanh^2 x, by e^-2|x|.
DERIVATIVE_OF(tanh) { return 4 * KERNEL(slope_logistic)(2 * x); }
DERIVATIVE_OF(loggy) { return 2 * KERNEL(slope_logistic)(x); }

DERIVATIVE_OF(relu) { return x > 0 ? (vfloat)1 : (vfloat)0; }
DERIVATIVE_OF(relu6) { return KERNEL(step_between)(x, 0, 6, 1, 0); }
DERIVATIVE_OF(elu) { return x < 0 ? KERNEL(exp_negative)(KERNEL(at_most)(0, x)) : (vfloat)1; }
DERIVATIVE_OF(selu) {
  return x < 0 ? (1.0507f * 1.6732f) * KERNEL(exp_negative)(KERNEL(at_most)(0, x))
               : (vfloat)1.0507f;
}

/// logistic(x) + x logistic'(x); far out, where x times the latter is nothing, 0 or 1.
DERIVATIVE_OF(swish) {
  vfloat z = KERNEL(exp_negative)(-__builtin_elementwise_abs(x));
  vfloat inverse = 1 / (1 + z);
  vfloat near = KERNEL(at_most)(100, KERNEL(at_least)(-100, x));
  return (x < 0 ? z : (vfloat)1) * inverse + near * z * inverse * inverse;
}

/// y = x logistic(2u(x)).
DERIVATIVE_OF(gelu) {
  vfloat near = KERNEL(at_most)(20, KERNEL(at_least)(-20, x));
  vfloat u = 2 * near * (0.797885f + 0.035677f * near * near);
  vfloat du = 2 * (0.797885f + 3 * 0.035677f * near * near);
  return KERNEL(logistic)(u) + near * du * KERNEL(slope_logistic)(u);
}

/// tanh s + x (1 - tanh^2 s) logistic(x), where s = ln(1 + e^x); with z = e^-|x| for both signs.
DERIVATIVE_OF(mish) {
  vfloat z = KERNEL(exp_negative)(-__builtin_elementwise_abs(x));
  vfloat numerator = x < 0 ? z * z + 2 * z : 2 * z + 1;
  vfloat denominator = numerator + (x < 0 ? (vfloat)2 : 2 * z * z);
  // 1 - tanh^2 = 4 (1 + e^x)^2 / (...)^2, times logistic(x) = e^x / (1 + e^x).
  vfloat inner = 4 * (1 + z) * z * (x < 0 ? (vfloat)1 : z);
  vfloat near = KERNEL(at_most)(100, KERNEL(at_least)(-100, x));
  vfloat inverse = 1 / denominator;
  return numerator * inverse + near * inner * inverse * inverse;
}

DERIVATIVE_OF(hard_mish) {
  return x > 0 ? (vfloat)1 : x > -2 ? x + 1 : (vfloat)0;
}

DERIVATIVE_OF(relie) { return x > 0 ? (vfloat)1 : (vfloat)0.01f; }
DERIVATIVE_OF(ramp) { return x > 0 ? (vfloat)1.1f : (vfloat)0.1f; }
DERIVATIVE_OF(leaky) { return x > 0 ? (vfloat)1 : (vfloat)0.1f; }
DERIVATIVE_OF(revleaky) { return KERNEL(slope_leaky)(x); }
DERIVATIVE_OF(hardtan) { return KERNEL(step_between)(x, -1, 1, 1, 0); }
DERIVATIVE_OF(plse) {
  return __builtin_elementwise_abs(x) > 4 ? (vfloat)0.01f : (vfloat)0.125f;
}
DERIVATIVE_OF(lhtan) { return KERNEL(step_between)(x, 0, 1, 1, 0.001f); }

DERIVATIVE_OF(stair) {
  vfloat whole = __builtin_elementwise_floor(x);
  return whole == 2 * __builtin_elementwise_floor(0.5f * x) ? (vfloat)0 : (vfloat)1;
}

#undef DERIVATIVE_OF

// MARK: Rows of each derivative

#define ROWS_OF(constant, name)                                                                 \
  INLINE void KERNEL(gradient_row_##name)(                                                      \
      const float *x, const float *dy, float *dx, size_t n, bool adds) {                        \
    size_t i = 0;                                                                               \
    for (; i + LANES <= n; i += LANES) {                                                        \
      vfloat v = KERNEL(slope_##name)(*(const vfloat_at *)(x + i));                             \
      v *= *(const vfloat_at *)(dy + i);                                                        \
      if (adds) v += *(const vfloat_at *)(dx + i);                                              \
      *(vfloat_at *)(dx + i) = v;                                                               \
    }                                                                                           \
    if (i == n) return;                                                                         \
    vfloat v = 0, w = 0, before = 0;                                                            \
    memcpy(&v, x + i, (n - i) * sizeof(float));                                                 \
    memcpy(&w, dy + i, (n - i) * sizeof(float));                                                \
    if (adds) memcpy(&before, dx + i, (n - i) * sizeof(float));                                 \
    v = KERNEL(slope_##name)(v) * w;                                                            \
    if (adds) v += before;                                                                      \
    memcpy(dx + i, &v, (n - i) * sizeof(float));                                                \
  }                                                                                             \
  static void KERNEL(gradient_##name)(                                                          \
      const float *x, const float *dy, float *dx, size_t n, bool adds) {                        \
    if (adds) KERNEL(gradient_row_##name)(x, dy, dx, n, true);                                  \
    else KERNEL(gradient_row_##name)(x, dy, dx, n, false);                                      \
  }

EVERY_ACTIVATION(ROWS_OF)
#undef ROWS_OF

static void (*const KERNEL(gradient_rows)[])(
    const float *, const float *, float *, size_t, bool) = {
#define ENTRY(constant, name) [constant] = KERNEL(gradient_##name),
  EVERY_ACTIVATION(ENTRY)
#undef ENTRY
};

void KERNEL(activation_gradient_f32)(
    activation act, const float *x, const float *dy, float *dx, size_t n, bool adds) {
  KERNEL(gradient_rows)[act](x, dy, dx, n, adds);
}
