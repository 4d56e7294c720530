// The activations of one tier.
//
// Selections put NaN into the branch that keeps it: a comparison with NaN is false, so in
// `x < low ? low : x` NaN stays. Products are left to the compiler to fuse where the tier can.

#define vfloat KERNEL(vfloat)
#define vint KERNEL(vint)
#define vfloat_at KERNEL(vfloat_at)
#define reduced KERNEL(reduced)

typedef float vfloat __attribute__((ext_vector_type(LANES)));
typedef int32_t vint __attribute__((ext_vector_type(LANES)));
/// At any address.
typedef float vfloat_at __attribute__((ext_vector_type(LANES), aligned(4)));

INLINE vfloat KERNEL(at_least)(float low, vfloat x) { return x < low ? (vfloat)low : x; }
INLINE vfloat KERNEL(at_most)(float high, vfloat x) { return x > high ? (vfloat)high : x; }

// MARK: The exponential

/// e^x = 2^n (1 + q).
typedef struct { vint n; vfloat q; } reduced;

/// Splits x = n ln 2 + r, |r| <= ln 2 / 2, for |x| < 200.
///
/// q = e^r - 1 = r + r^2 P(r), where P is the degree-4 minimax fit of (e^r - 1 - r) / r^2 weighted
/// for the relative error of q, which is 1.4e-8: a quarter of a rounding error.
INLINE reduced KERNEL(reduce)(vfloat x) {
  const float magic = 0x1.8p23f;  // adding it rounds to an integer, left in the low bits
  vfloat shifted = x * 0x1.715476p0f + magic;
  vfloat whole = shifted - magic;
  vfloat r = x - whole * 0x1.63p-1f;  // exact: the constant has 9 bits, `whole` at most 8
  r = r + whole * 0x1.bd0106p-13f;
  vfloat p = r * 0x1.6bedc8p-10f + 0x1.1227f2p-7f;
  p = p * r + 0x1.555672p-5f;
  p = p * r + 0x1.5554b0p-3f;
  p = p * r + 0x1.fffffep-2f;
  return (reduced){(vint)shifted - (vint)(vfloat)magic, p * r * r + r};
}

/// 2^n for -127 <= n <= 127, where 2^-127 comes out as 0.
INLINE vfloat KERNEL(power)(vint n) { return (vfloat)((n + 127) << 23); }

/// e^x for |x| <= 88; anything below -87.3, where it is no normal number.
INLINE vfloat KERNEL(exp_bounded)(vfloat x) {
#if LANES == 16
  // x = (n + j / 16) ln 2 + r: with 2^(j/16) from a table in a register, e^r - 1 is a cubic, its
  // error below 1e-8. From the table's bits the j is taken that is added with n.
  static const uint32_t sixteenths[16] = {
      0x3f800000, 0x3f7daac3, 0x3f7b95c2, 0x3f79c3d3, 0x3f7837f0, 0x3f76f532,
      0x3f75fed7, 0x3f75583f, 0x3f7504f3, 0x3f7508a4, 0x3f75672a, 0x3f76248c,
      0x3f7744fd, 0x3f78ccdf, 0x3f7ac0c7, 0x3f7d257d,
  };
  const float magic = 0x1.8p23f;
  vfloat shifted = x * 0x1.715476p4f + magic;
  vfloat whole = shifted - magic;
  vfloat r = x - whole * 0x1.63p-5f;  // exact: 9 bits times 12
  r = r + whole * 0x1.bd0106p-17f;
  vfloat q = (r * 0x1.555556p-3f + 0.5f) * (r * r) + r;
  vint j = (vint)_mm512_permutexvar_epi32((__m512i)shifted, _mm512_loadu_si512(sixteenths));
  vfloat scale = (vfloat)(j + ((vint)shifted << 19));
  return scale * q + scale;
#else
  reduced e = KERNEL(reduce)(x);
  vfloat scale = KERNEL(power)(e.n);
  return scale * e.q + scale;
#endif
}

/// e^x for x <= 0; 0 below -87.3.
INLINE vfloat KERNEL(exp_negative)(vfloat x) {
#if LANES == 16
  return x < -87.3f ? (vfloat)0 : KERNEL(exp_bounded)(x);
#else
  return KERNEL(exp_bounded)(KERNEL(at_least)(-88, x));
#endif
}

/// e^x - 1 for x <= 0, precise near 0 too.
INLINE vfloat KERNEL(expm1_negative)(vfloat x) {
  reduced e = KERNEL(reduce)(KERNEL(at_least)(-88, x));
  vfloat scale = KERNEL(power)(e.n);
  return scale * e.q + (scale - 1);
}

/// e^x for any x: two factors reach denormals and infinity.
INLINE vfloat KERNEL(exp_any)(vfloat x) {
  reduced e = KERNEL(reduce)(KERNEL(at_most)(89, KERNEL(at_least)(-104, x)));
  vint half = e.n >> 1;
  vfloat scale = KERNEL(power)(half);
  return (scale * e.q + scale) * KERNEL(power)(e.n - half);
}

// MARK: One register of each activation

#define ACTIVATION_OF(name) INLINE vfloat KERNEL(name)(vfloat x)

ACTIVATION_OF(linear) { return x; }

/// 1 / (1 + e^-x), with e^-|x| so that neither side overflows or cancels.
ACTIVATION_OF(logistic) {
  vfloat z = KERNEL(exp_negative)(-__builtin_elementwise_abs(x));
  return (x < 0 ? z : (vfloat)1) / (1 + z);
}

/// (1 - z) / (1 + z), z = e^-2|x|, by way of z - 1.
ACTIVATION_OF(tanh) {
  vfloat m = KERNEL(expm1_negative)(-2 * __builtin_elementwise_abs(x));
  return __builtin_elementwise_copysign(-m / (2 + m), x);
}

/// 2 logistic(x) - 1.
ACTIVATION_OF(loggy) { return KERNEL(tanh)(0.5f * x); }

ACTIVATION_OF(relu) { return KERNEL(at_least)(0, x); }
ACTIVATION_OF(relu6) { return KERNEL(at_most)(6, KERNEL(at_least)(0, x)); }
ACTIVATION_OF(elu) { return x < 0 ? KERNEL(expm1_negative)(KERNEL(at_most)(0, x)) : x; }

ACTIVATION_OF(selu) {
  vfloat negative = (1.0507f * 1.6732f) * KERNEL(expm1_negative)(KERNEL(at_most)(0, x));
  return x < 0 ? negative : 1.0507f * x;
}

/// A finite stand-in for -infinity, whose product with a gate of 0 is 0.
INLINE vfloat KERNEL(finite)(vfloat x) { return KERNEL(at_least)(-0x1p100f, x); }

/// x / (1 + e^-x); 0 where e^x is no normal number.
ACTIVATION_OF(swish) {
  vfloat y = x / (1 + KERNEL(exp_bounded)(-KERNEL(at_most)(88, x)));
  return x < -88 ? (vfloat)0 : y;
}

/// 0.5 (1 + tanh u) = logistic(2u), which does not cancel.
ACTIVATION_OF(gelu) {
  return KERNEL(finite)(x) * KERNEL(logistic)(2 * x * (0.797885f + 0.035677f * x * x));
}

/// x tanh(ln(1 + e^x)) = x (e^2x + 2e^x) / (e^2x + 2e^x + 2); for x > 0 both sides over e^2x.
ACTIVATION_OF(mish) {
  vfloat z = KERNEL(exp_negative)(-__builtin_elementwise_abs(x));
  vfloat numerator = x < 0 ? z * z + 2 * z : 2 * z + 1;
  vfloat denominator = numerator + (x < 0 ? (vfloat)2 : 2 * z * z);
  return KERNEL(finite)(x) * (numerator / denominator);
}

ACTIVATION_OF(hard_mish) {
  vfloat negative = x * x * 0.5f + x;
  return x <= -2 ? (vfloat)0 : x > 0 ? x : negative;
}

ACTIVATION_OF(relie) { return x > 0 ? x : 0.01f * x; }
ACTIVATION_OF(ramp) { return x > 0 ? x + 0.1f * x : 0.1f * x; }
ACTIVATION_OF(leaky) { return x > 0 ? x : 0.1f * x; }
ACTIVATION_OF(revleaky) { return KERNEL(leaky)(x); }
ACTIVATION_OF(hardtan) { return KERNEL(at_most)(1, KERNEL(at_least)(-1, x)); }

ACTIVATION_OF(plse) {
  vfloat middle = x > 4 ? 0.01f * (x - 4) + 1 : 0.125f * x + 0.5f;
  return x < -4 ? 0.01f * (x + 4) : middle;
}

ACTIVATION_OF(lhtan) {
  vfloat right = x > 1 ? 0.001f * (x - 1) + 1 : x;
  return x < 0 ? 0.001f * x : right;
}

/// Level for x in [2k, 2k + 1), rising in [2k + 1, 2k + 2).
ACTIVATION_OF(stair) {
  vfloat whole = __builtin_elementwise_floor(x);
  vfloat half = __builtin_elementwise_floor(0.5f * x);
  vfloat fraction = whole == x ? (vfloat)0 : x - whole;  // infinity has none
  return whole == 2 * half ? half : fraction + half;
}

#undef ACTIVATION_OF

// MARK: Rows of each activation

/// The part of a register that a row has left is computed in a padded copy, so that a value does
/// not depend on its position.
#define ROWS_OF(constant, name)                                                                 \
  INLINE void KERNEL(row_##name)(                                                               \
      const float *x, float *y, size_t n, bool affine, float scale, float bias) {               \
    size_t i = 0;                                                                               \
    for (; i + LANES <= n; i += LANES) {                                                        \
      vfloat v = *(const vfloat_at *)(x + i);                                                   \
      if (affine) v = v * scale + bias;                                                         \
      *(vfloat_at *)(y + i) = KERNEL(name)(v);                                                  \
    }                                                                                           \
    if (i == n) return;                                                                         \
    vfloat v = 0;                                                                               \
    memcpy(&v, x + i, (n - i) * sizeof(float));                                                 \
    if (affine) v = v * scale + bias;                                                           \
    v = KERNEL(name)(v);                                                                        \
    memcpy(y + i, &v, (n - i) * sizeof(float));                                                 \
  }                                                                                             \
  static void KERNEL(plain_##name)(const float *x, float *y, size_t n) {                        \
    KERNEL(row_##name)(x, y, n, false, 1, 0);                                                   \
  }                                                                                             \
  static void KERNEL(affine_##name)(                                                            \
      const float *x, float *y, size_t n, float scale, float bias) {                            \
    KERNEL(row_##name)(x, y, n, true, scale, bias);                                             \
  }

EVERY_ACTIVATION(ROWS_OF)
#undef ROWS_OF

static void (*const KERNEL(plain_rows)[])(const float *, float *, size_t) = {
#define ENTRY(constant, name) [constant] = KERNEL(plain_##name),
  EVERY_ACTIVATION(ENTRY)
#undef ENTRY
};

static void (*const KERNEL(affine_rows)[])(const float *, float *, size_t, float, float) = {
#define ENTRY(constant, name) [constant] = KERNEL(affine_##name),
  EVERY_ACTIVATION(ENTRY)
#undef ENTRY
};

void KERNEL(activate_f32)(activation act, const float *x, float *y, size_t n) {
  if (act != ACTIVATION_LINEAR) KERNEL(plain_rows)[act](x, y, n);
  else if (x != y) memcpy(y, x, n * sizeof(float));
}

void KERNEL(scale_bias_activate_f32)(
    activation act, const float *x, size_t x_stride, float *y, size_t y_stride,
    const float *scale, const float *bias, size_t channels, size_t n) {
  bool affine = scale || bias;
  for (size_t c = 0; c < channels; c++, x += x_stride, y += y_stride) {
    if (affine) KERNEL(affine_rows)[act](x, y, n, scale ? scale[c] : 1, bias ? bias[c] : 0);
    else KERNEL(activate_f32)(act, x, y, n);
  }
}

void KERNEL(exponential_f32)(const float *x, float *y, size_t n) {
  size_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    *(vfloat_at *)(y + i) = KERNEL(exp_any)(*(const vfloat_at *)(x + i));
  }
  if (i == n) return;
  vfloat v = 0;
  memcpy(&v, x + i, (n - i) * sizeof(float));
  v = KERNEL(exp_any)(v);
  memcpy(y + i, &v, (n - i) * sizeof(float));
}

#include "activation_gradients_body.h"

#undef vfloat
#undef vint
#undef vfloat_at
#undef reduced
