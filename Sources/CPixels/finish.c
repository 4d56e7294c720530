// What is done to whole planes: blur and noise; and the mean of a picture.
#include "CPixels.h"

#include <math.h>
#include <string.h>

static inline int clamped(int i, int size) { return i < 0 ? 0 : i >= size ? size - 1 : i; }

void pixels_blur(float *plane, int width, int height, const float *weights, int radius,
                 float *scratch) {
  for (int y = 0; y < height; y++) {
    const float *line = plane + (size_t)y * width;
    float *out = scratch + (size_t)y * width;
    for (int x = 0; x < width; x++) {
      float sum = 0;
      for (int k = -radius; k <= radius; k++)
        sum += weights[k + radius] * line[clamped(x + k, width)];
      out[x] = sum;
    }
  }
  for (int y = 0; y < height; y++) {
    float *out = plane + (size_t)y * width;
    memset(out, 0, sizeof(float) * (size_t)width);
    for (int k = -radius; k <= radius; k++) {
      const float *line = scratch + (size_t)clamped(y + k, height) * width;
      float weight = weights[k + radius];
      for (int x = 0; x < width; x++) out[x] += weight * line[x];
    }
  }
}

/// SplitMix64 at a position.
static inline uint64_t bits(uint64_t seed, uint64_t position) {
  uint64_t z = seed + (position + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

static inline float within(float v) { return v < 0 ? 0 : v > 1 ? 1 : v; }

void pixels_noise(float *values, size_t count, float sigma, uint64_t seed) {
  // Box and Muller: two normal numbers of two uniform ones.
  for (size_t i = 0; i < count; i += 2) {
    uint64_t random = bits(seed, i);
    float u = ((float)(random >> 40) + 1) * 0x1p-24f;
    float angle = (float)(random & 0xFFFFFF) * (0x1p-24f * 6.28318531f);
    float radius = sigma * sqrtf(-2 * logf(u));
    values[i] = within(values[i] + radius * cosf(angle));
    if (i + 1 < count) values[i + 1] = within(values[i + 1] + radius * sinf(angle));
  }
}

void pixels_mean(const uint8_t *bytes, size_t pixels, int channels, double *means) {
  uint64_t sums[3] = {0, 0, 0};
  if (channels == 3) {
    for (size_t i = 0; i < pixels; i++) {
      sums[0] += bytes[3 * i];
      sums[1] += bytes[3 * i + 1];
      sums[2] += bytes[3 * i + 2];
    }
  } else {
    for (size_t i = 0; i < pixels; i++) sums[0] += bytes[i];
  }
  for (int k = 0; k < channels; k++) means[k] = (double)sums[k] / (double)pixels;
}
