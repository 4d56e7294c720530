// Weights from the order of a file, filter by filter, to that of kernels, which read all filters of a
// unit at a time; their gradients the way back; and weights for the convolution that turns output
// gradients into input gradients.
#include "CKernels.h"

/// Columns that are turned at a time: a line of each row, copied because rows that are a multiple of
/// 4 KB apart share a few lines of the innermost cache.
enum { COLUMNS = 16, ROWS = 64 };

static void turn(
    const float *w, ptrdiff_t rows, ptrdiff_t stride, ptrdiff_t columns, const float *scales,
    float *packed, ptrdiff_t lanes) {
  float lines[ROWS][COLUMNS];
  for (ptrdiff_t r = 0; r < rows; r++) {
    float scale = scales ? scales[r] : 1;
    for (ptrdiff_t i = 0; i < columns; i++) lines[r][i] = w[r * stride + i] * scale;
  }
  for (ptrdiff_t i = 0; i < columns; i++) {
    for (ptrdiff_t r = 0; r < rows; r++) packed[i * lanes + r] = lines[r][i];
  }
}

void pack_filters(
    const float *w, ptrdiff_t rows, ptrdiff_t columns, const float *scales, float *packed,
    ptrdiff_t lanes) {
  for (ptrdiff_t r = 0; r < rows; r += ROWS) {
    ptrdiff_t some = rows - r < ROWS ? rows - r : ROWS;
    const float *factors = scales ? scales + r : NULL;
    const float *from = w + r * columns;
    ptrdiff_t i = 0;
    for (; i + COLUMNS <= columns; i += COLUMNS) {
      turn(from + i, some, columns, COLUMNS, factors, packed + i * lanes + r, lanes);
    }
    ptrdiff_t left = columns - i;
    if (left) turn(from + i, some, columns, left, factors, packed + i * lanes + r, lanes);
  }
}

void add_filters(
    const float *packed, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t lanes, float *w,
    ptrdiff_t stride) {
  float lines[ROWS][COLUMNS];
  for (ptrdiff_t first_row = 0; first_row < rows; first_row += ROWS) {
    ptrdiff_t some = rows - first_row < ROWS ? rows - first_row : ROWS;
    for (ptrdiff_t first = 0; first < columns; first += COLUMNS) {
      ptrdiff_t count = columns - first < COLUMNS ? columns - first : COLUMNS;
      for (ptrdiff_t i = 0; i < count; i++) {
        const float *from = packed + (first + i) * lanes + first_row;
        for (ptrdiff_t r = 0; r < some; r++) lines[r][i] = from[r];
      }
      for (ptrdiff_t r = 0; r < some; r++) {
        float *to = w + (first_row + r) * stride + first;
        for (ptrdiff_t i = 0; i < count; i++) to[i] += lines[r][i];
      }
    }
  }
}

void turn_filters(
    const float *w, ptrdiff_t filters, ptrdiff_t channels, ptrdiff_t taps, ptrdiff_t first,
    ptrdiff_t end, float *turned) {
  for (ptrdiff_t f = 0; f < filters; f++) {
    for (ptrdiff_t c = first; c < end; c++) {
      const float *from = w + (f * channels + c) * taps;
      float *to = turned + (c * filters + f) * taps;
      for (ptrdiff_t t = 0; t < taps; t++) to[t] = from[taps - 1 - t];
    }
  }
}
