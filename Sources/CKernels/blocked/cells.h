/// Which outputs a tap has cells for.
#ifndef BLOCKED_CELLS_H
#define BLOCKED_CELLS_H

#include "../tiers.h"

typedef struct cell_range {
  ptrdiff_t first, end;
} cell_range;

/// Of the outputs from `first` to `end`, those whose cell, output * stride + start, is one of `extent`.
static inline cell_range cells_inside(
    ptrdiff_t first, ptrdiff_t end, ptrdiff_t stride, ptrdiff_t start, ptrdiff_t extent) {
  if (start < 0) {
    ptrdiff_t least = (-start + stride - 1) / stride;
    if (least > first) first = least;
  }
  ptrdiff_t last = extent - 1 - start;
  ptrdiff_t most = last < 0 ? 0 : last / stride + 1;
  if (most < end) end = most;
  return (cell_range){first, first < end ? end : first};
}

#endif
