// Gradients of weights from the order of kernels to that of a file, and weights for the convolution
// that turns output gradients into input gradients.
#include "CKernels.h"

/// Columns that are turned at a time: a line of each row.
enum { COLUMNS = 16, ROWS = 64 };

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
