// The loops of the reference backend: plain, in double precision, by the formulas of the
// specification. What the vectorised kernels are held against.
#include "CKernels.h"

#include <float.h>
#include <math.h>

// MARK: Activations

/// x * gate, where a gate that has closed wins over infinity: the limit, not the NaN of inf * 0.
static double gated(double x, double gate) { return gate == 0 ? 0 : x * gate; }

static double logistic(double x) { return 1 / (1 + exp(-x)); }

static double softplus(double x) { return x > 20 ? x : log1p(exp(x)); }

static double stair(double x) {
  if (isinf(x)) return x;
  double whole = floor(x);
  return fmod(whole, 2) == 0 ? floor(x / 2) : (x - whole) + floor(x / 2);
}

static double clamped(double x, double low, double high) {
  return x < low ? low : x > high ? high : x;
}

double reference_activation(activation act, double x) {
  switch (act) {
  case ACTIVATION_LINEAR: return x;
  case ACTIVATION_LOGISTIC: return logistic(x);
  case ACTIVATION_LOGGY: return tanh(x / 2);
  case ACTIVATION_RELU: return clamped(x, 0, INFINITY);
  case ACTIVATION_RELU6: return clamped(x, 0, 6);
  case ACTIVATION_ELU: return x >= 0 ? x : expm1(x);
  case ACTIVATION_SELU: return x >= 0 ? 1.0507 * x : 1.0507 * 1.6732 * expm1(x);
  case ACTIVATION_GELU: return gated(x, logistic(2 * (0.797885 * x + 0.035677 * x * x * x)));
  case ACTIVATION_RELIE: return x > 0 ? x : 0.01 * x;
  case ACTIVATION_RAMP: return x > 0 ? x + 0.1 * x : 0.1 * x;
  case ACTIVATION_LEAKY:
  case ACTIVATION_REVLEAKY: return x > 0 ? x : 0.1 * x;
  case ACTIVATION_TANH: return tanh(x);
  case ACTIVATION_PLSE:
    return x < -4 ? 0.01 * (x + 4) : x > 4 ? 0.01 * (x - 4) + 1 : 0.125 * x + 0.5;
  case ACTIVATION_STAIR: return stair(x);
  case ACTIVATION_HARDTAN: return clamped(x, -1, 1);
  case ACTIVATION_LHTAN: return x < 0 ? 0.001 * x : x > 1 ? 0.001 * (x - 1) + 1 : x;
  case ACTIVATION_SWISH: return gated(x, logistic(x));
  case ACTIVATION_MISH: return gated(x, tanh(softplus(x)));
  case ACTIVATION_HARD_MISH: return x > 0 ? x : x <= -2 ? 0 : x * x / 2 + x;
  }
}

static double gelu_gate(double x) { return logistic(2 * (0.797885 * x + 0.035677 * x * x * x)); }

double reference_activation_slope(activation act, double x) {
  double y = reference_activation(act, x);
  switch (act) {
  case ACTIVATION_LINEAR: return 1;
  case ACTIVATION_LOGISTIC: return y * (1 - y);
  case ACTIVATION_LOGGY: return (1 - y * y) / 2;
  case ACTIVATION_RELU: return x > 0;
  case ACTIVATION_RELU6: return x > 0 && x < 6;
  case ACTIVATION_ELU: return x >= 0 ? 1 : y + 1;
  case ACTIVATION_SELU: return x >= 0 ? 1.0507 : y + 1.0507 * 1.6732;
  case ACTIVATION_GELU: {
    double gate = gelu_gate(x);
    return gate + gated(x * (1 - gate) * 2 * (0.797885 + 3 * 0.035677 * x * x), gate);
  }
  case ACTIVATION_RELIE: return x > 0 ? 1 : 0.01;
  case ACTIVATION_RAMP: return x > 0 ? 1.1 : 0.1;
  case ACTIVATION_LEAKY:
  case ACTIVATION_REVLEAKY: return x > 0 ? 1 : 0.1;
  case ACTIVATION_TANH: return 1 - y * y;
  case ACTIVATION_PLSE: return x < -4 || x > 4 ? 0.01 : 0.125;
  case ACTIVATION_STAIR: return fmod(floor(x), 2) == 0 ? 0 : 1;
  case ACTIVATION_HARDTAN: return x > -1 && x < 1;
  case ACTIVATION_LHTAN: return x > 0 && x < 1 ? 1 : 0.001;
  case ACTIVATION_SWISH: {
    double gate = logistic(x);
    return gate + gated(x * (1 - gate), gate);
  }
  case ACTIVATION_MISH: {
    double t = tanh(softplus(x));
    return t + gated(x * (1 - t * t), logistic(x));
  }
  case ACTIVATION_HARD_MISH: return x > 0 ? 1 : x <= -2 ? 0 : x + 1;
  }
}

void reference_scale_bias_activate(
    activation act, const float *x, size_t x_stride, float *y, size_t y_stride,
    const float *scale, const float *bias, size_t channels, size_t n) {
  for (size_t c = 0; c < channels; c++) {
    double factor = scale ? scale[c] : 1, offset = bias ? bias[c] : 0;
    for (size_t i = 0; i < n; i++) {
      y[c * y_stride + i] = (float)reference_activation(act, x[c * x_stride + i] * factor + offset);
    }
  }
}

// MARK: Products

/// The first and last + 1 of the taps whose cell, `start + tap * step`, is one of `cells`.
typedef struct { ptrdiff_t first, end; } tap_range;

static tap_range taps_inside(ptrdiff_t start, ptrdiff_t step, ptrdiff_t taps, ptrdiff_t cells) {
  ptrdiff_t first = 0, end = taps;
  while (first < end && start + first * step < 0) first++;
  while (end > first && start + (end - 1) * step >= cells) end--;
  return (tap_range){first, end};
}

void reference_convolution(
    const convolution_geometry *g, const float *x, const float *weights, float *y,
    ptrdiff_t first, ptrdiff_t end) {
  ptrdiff_t channels = g->channels / g->groups, filters = g->filters / g->groups;
  ptrdiff_t size = g->size, plane = g->height * g->width;

  for (ptrdiff_t f = first; f < end; f++) {
    const float *group = x + f / filters * channels * plane;
    const float *filter = weights + f * channels * size * size;
    for (ptrdiff_t oy = 0; oy < g->out_height; oy++) {
      ptrdiff_t top = oy * g->stride_y - g->padding;
      tap_range ky = taps_inside(top, g->dilation, size, g->height);
      for (ptrdiff_t ox = 0; ox < g->out_width; ox++) {
        ptrdiff_t left = ox * g->stride_x - g->padding;
        tap_range kx = taps_inside(left, g->dilation, size, g->width);

        double sum = 0;
        for (ptrdiff_t c = 0; c < channels; c++) {
          for (ptrdiff_t j = ky.first; j < ky.end; j++) {
            const float *row = group + c * plane + (top + j * g->dilation) * g->width + left;
            const float *taps = filter + (c * size + j) * size;
            for (ptrdiff_t i = kx.first; i < kx.end; i++) {
              sum += (double)row[i * g->dilation] * taps[i];
            }
          }
        }
        y[(f * g->out_height + oy) * g->out_width + ox] = (float)sum;
      }
    }
  }
}

void reference_connected(
    const float *x, const float *weights, float *y, size_t inputs, size_t first, size_t end) {
  for (size_t o = first; o < end; o++) {
    double sum = 0;
    for (size_t i = 0; i < inputs; i++) sum += (double)weights[o * inputs + i] * x[i];
    y[o] = (float)sum;
  }
}

// MARK: Pools

void reference_max_pool(
    const pool_window *w, const float *x, float *y, ptrdiff_t first, ptrdiff_t end) {
  for (ptrdiff_t c = first; c < end; c++) {
    for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
      ptrdiff_t top = oy * w->stride_y - w->top;
      tap_range ky = taps_inside(top, 1, w->size, w->height);
      for (ptrdiff_t ox = 0; ox < w->out_width; ox++) {
        ptrdiff_t left = ox * w->stride_x - w->left;
        tap_range kx = taps_inside(left, 1, w->size, w->width);

        float largest = -FLT_MAX;
        for (ptrdiff_t j = ky.first; j < ky.end; j++) {
          for (ptrdiff_t i = kx.first; i < kx.end; i++) {
            float value = x[(c * w->height + top + j) * w->width + left + i];
            if (value > largest) largest = value;
          }
        }
        y[(c * w->out_height + oy) * w->out_width + ox] = largest;
      }
    }
  }
}

void reference_average_pool(
    const pool_window *w, const float *x, float *y, ptrdiff_t first, ptrdiff_t end) {
  for (ptrdiff_t c = first; c < end; c++) {
    for (ptrdiff_t oy = 0; oy < w->out_height; oy++) {
      ptrdiff_t top = oy * w->stride_y - w->top;
      tap_range ky = taps_inside(top, 1, w->size, w->height);
      for (ptrdiff_t ox = 0; ox < w->out_width; ox++) {
        ptrdiff_t left = ox * w->stride_x - w->left;
        tap_range kx = taps_inside(left, 1, w->size, w->width);

        double sum = 0;
        for (ptrdiff_t j = ky.first; j < ky.end; j++) {
          for (ptrdiff_t i = kx.first; i < kx.end; i++) {
            sum += x[(c * w->height + top + j) * w->width + left + i];
          }
        }
        ptrdiff_t cells = (ky.end - ky.first) * (kx.end - kx.first);
        y[(c * w->out_height + oy) * w->out_width + ox] = cells ? (float)(sum / (double)cells) : 0;
      }
    }
  }
}
