// Some kernels against plain loops, for a processor that runs no Swift tests: `make check-arm64` builds
// this for arm64 and runs it in an emulator.

#include "CKernels.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static float random_number(void) { return (float)(rand() / (double)RAND_MAX * 2 - 1); }

static float *random_numbers(ptrdiff_t count) {
  float *values = malloc(sizeof(float) * (size_t)count);
  for (ptrdiff_t i = 0; i < count; i++) values[i] = random_number();
  return values;
}

static void *aligned(ptrdiff_t bytes) {
  void *memory = aligned_alloc(64, ((size_t)bytes + 127) / 64 * 64);
  memset(memory, 0, (size_t)bytes);
  return memory;
}

/// Covers blocks of filters by the widest units that fit. Returns the floats of the weights.
static ptrdiff_t cover(
    const kernel_table *table, int blocks, int input_blocks, int taps, int lanes, filter_unit *units,
    int *count) {
  ptrdiff_t floats = 0;
  *count = 0;
  for (int block = 0; block < blocks; block += units[*count - 1].width) {
    int width = 4;
    while (width > 1
        && (width > table->unit_blocks || width > blocks - block || width * 8 % table->wide)) {
      width /= 2;
    }
    units[(*count)++] = (filter_unit){0, input_blocks, block, width, floats};
    floats += (ptrdiff_t)input_blocks * taps * lanes * 8 * width;
  }
  return floats;
}

/// The largest difference of the kernel whose registers hold pixels from outputs `expected`, or from
/// the largest of every two by two of them.
static double planar_error(
    const kernel_table *table, const convolution_geometry *g, const float *x, const float *w,
    const blocked_epilogue *epilogue, const float *expected, bool is_pooled) {
  planar_strip strip = {.rows = 4, .columns = 10};
  blocked_epilogue pooling = *epilogue;
  pooling.is_pooled = is_pooled;
  int step = is_pooled ? 2 : 1, taps = (int)(g->channels * g->size * g->size);
  int rows = (int)g->out_height / step, columns = (int)g->out_width / step;
  int blocks = (int)(g->filters + 7) / 8;
  float *packed = aligned(4 * 8 * blocks * taps), *y = aligned(4 * 8 * blocks * rows * columns);
  float *scratch = aligned(4 * planar_scratch_floats(g, &strip));
  for (int f = 0; f < g->filters; f++) {
    for (int i = 0; i < taps; i++) packed[(f / 8 * taps + i) * 8 + f % 8] = w[f * taps + i];
  }
  planar_part part = {.block_end = blocks, .row_end = rows, .column_end = columns};
  table->convolve_planar(g, &strip, x, packed, &pooling, y, &part, scratch);

  double worst = 0;
  for (int f = 0; f < g->filters; f++) {
    for (int cell = 0; cell < rows * columns; cell++) {
      double most = -INFINITY;
      for (int i = 0; i < step * step; i++) {
        int row = cell / columns * step + i / step, column = cell % columns * step + i % step;
        most = fmax(
            most, expected[((f / 8 * g->out_height + row) * g->out_width + column) * 8 + f % 8]);
      }
      worst = fmax(worst, fabs(most - y[(f / 8 * rows * columns + cell) * 8 + f % 8]));
    }
  }
  free(packed), free(y), free(scratch);
  return worst;
}

/// The largest difference of a convolution with leaky activation from the definition's.
static double convolution(
    const kernel_table *table, int height, int width, int channels, int filters, int size,
    int stride, bool planar) {
  int image_cells = height * width;
  convolution_geometry g = {
    .channels = channels, .height = height, .width = width, .filters = filters, .size = size,
    .stride_x = stride, .stride_y = stride, .padding = size / 2, .dilation = 1, .groups = 1};
  g.out_height = (height + 2 * g.padding - size) / stride + 1;
  g.out_width = (width + 2 * g.padding - size) / stride + 1;
  int taps = size * size, lanes = planar ? 1 : 8, out_cells = (int)(g.out_height * g.out_width);
  int in_blocks = planar ? channels : (channels + 7) / 8, blocks = (filters + 7) / 8;

  float *x = random_numbers(channels * image_cells), *w = random_numbers(filters * channels * taps);
  float *bias = random_numbers(8 * blocks);
  float *blocked = aligned(4 * 8 * ((channels + 7) / 8) * image_cells);
  for (int c = 0; c < channels; c++) {
    for (int i = 0; i < image_cells; i++) blocked[(c / 8 * image_cells + i) * 8 + c % 8] = x[c * image_cells + i];
  }
  filter_unit units[16];
  int count;
  float *packed = aligned(4 * cover(table, blocks, in_blocks, taps, lanes, units, &count) + 4096);
  for (int u = 0; u < count; u++) {
    int wide = 8 * units[u].width, first = 8 * units[u].output_block;
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < taps; i++) {
        for (int f = 0; f < wide && first + f < filters; f++) {
          packed[units[u].weights + ((c / lanes * taps + i) * lanes + c % lanes) * wide + f] =
              w[((first + f) * channels + c) * taps + i];
        }
      }
    }
  }
  float *y = aligned(4 * 8 * blocks * out_cells);
  void *scratch = aligned(1 << 20);
  blocked_epilogue epilogue = {.bias = bias, .first = ACTIVATION_LEAKY};
  table->convolve_blocked(
      &g, planar, units, (size_t)count, planar ? x : blocked, packed, &epilogue, y, 0, g.out_height,
      0, g.out_width, scratch);

  double worst = 0;
  for (int f = 0; f < filters; f++) {
    for (int cell = 0; cell < out_cells; cell++) {
      double sum = bias[f];
      for (int i = 0; i < channels * taps; i++) {
        int row = cell / (int)g.out_width * stride + i % taps / size - (int)g.padding;
        int column = cell % (int)g.out_width * stride + i % size - (int)g.padding;
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        sum += (double)x[i / taps * image_cells + row * width + column] * w[f * channels * taps + i];
      }
      sum = sum < 0 ? 0.1 * sum : sum;
      worst = fmax(worst, fabs(sum - y[(f / 8 * out_cells + cell) * 8 + f % 8]));
    }
  }
  if (planar) {
    worst = fmax(worst, planar_error(table, &g, x, w, &epilogue, y, false));
    bool is_even = g.out_height % 2 == 0 && g.out_width % 2 == 0;
    if (is_even) worst = fmax(worst, planar_error(table, &g, x, w, &epilogue, y, true));
  }
  free(x), free(w), free(bias), free(blocked), free(packed), free(y), free(scratch);
  return worst;
}

static double logistic(double x) { return 1 / (1 + exp(-x)); }
static double mish(double x) { return x * tanh(log1p(exp(x))); }
static double swish(double x) { return x * logistic(x); }

/// The largest relative difference of an activation from the definition's.
static double activation_error(
    const kernel_table *table, activation which, double (*definition)(double)) {
  enum { COUNT = 1001 };
  float x[COUNT], y[COUNT];
  for (int i = 0; i < COUNT; i++) x[i] = -20 + 0.04f * (float)i;
  table->activate(which, x, y, COUNT);
  double worst = 0;
  for (int i = 0; i < COUNT; i++) {
    double expected = definition(x[i]);
    worst = fmax(worst, fabs(y[i] - expected) / (fabs(expected) + 1e-6));
  }
  return worst;
}

static bool is_fine = true;

static void report(const char *what, double error, double limit) {
  printf("%-12s differs by %.1e at most, allowed are %.0e\n", what, error, limit);
  is_fine = is_fine && error <= limit;
}

int main(void) {
  const kernel_table *table = kernels_current();
  double worst = 0;
  const int channels[] = {3, 8, 16, 20}, filters[] = {4, 8, 16, 24, 40};
  for (int c = 0; c < 4; c++) {
    for (int f = 0; f < 5; f++) {
      for (int i = 0; i < 4; i++) {
        int size = i % 2 ? 3 : 1, stride = i / 2 + 1;
        for (int odd = 0; odd < 2; odd++) {
          for (int planar = 0; planar <= (channels[c] < 8); planar++) {
            worst = fmax(worst,
                convolution(table, 14 - odd, 18 - odd, channels[c], filters[f], size, stride, planar));
          }
        }
      }
    }
  }
  report("convolutions", worst, 5e-5);
  report("logistic", activation_error(table, ACTIVATION_LOGISTIC, logistic), 1e-6);
  report("swish", activation_error(table, ACTIVATION_SWISH, swish), 1e-6);
  report("mish", activation_error(table, ACTIVATION_MISH, mish), 1e-6);
  return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}
