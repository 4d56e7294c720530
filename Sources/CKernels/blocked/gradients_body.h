// The weights' gradients of one tier.

#include "lanes_body.h"

// Registers of filters and channels whose sums are kept at a time, so that they fit the registers
// beside two of gradients and a cell.
#if LANES == 16
#define MOST_VECTORS 2
#define MOST_CHANNELS 8
#define MOST_SUMS 16
#elif LANES == 8
#define MOST_VECTORS 2
#define MOST_CHANNELS 4
#define MOST_SUMS 12
#elif defined(__aarch64__)
#define MOST_VECTORS 1
#define MOST_CHANNELS 8
#define MOST_SUMS 12
#else
#define MOST_VECTORS 1
#define MOST_CHANNELS 4
#define MOST_SUMS 6
#endif

#define gradient_function KERNEL(gradient_function)
typedef void (*gradient_function)(const gradient_rows *r);

/// Adds the products of `channels` cells and `vectors` registers of gradients at every pixel.
///
/// - Parameter sets: neighbouring pixels that have sums of their own, so that there are enough of
///   them to keep the multipliers busy.
INLINE void KERNEL(gradient_tile)(
    const int vectors, const int channels, const int sets, ptrdiff_t x_channel,
    const gradient_rows *r) {
  vwide sum[4][MOST_CHANNELS][MOST_VECTORS];
  UNROLL for (int s = 0; s < sets; s++) {
    UNROLL for (int c = 0; c < channels; c++) {
      UNROLL for (int v = 0; v < vectors; v++) {
        sum[s][c][v] = s ? (vwide)0
            : KERNEL(load_wide)(r->sums + c * r->sum_channel + v * WIDE);
      }
    }
  }
  const ptrdiff_t step = r->x_step, wide_block = WIDE / BLOCK * r->dy_block;
  for (ptrdiff_t row = 0; row < r->rows; row++) {
    const float *x = r->x + row * r->x_row, *dy = r->dy + row * r->dy_row;
    ptrdiff_t i = 0;
    for (; i + sets <= r->columns; i += sets, x += sets * step, dy += sets * BLOCK) {
      UNROLL for (int s = 0; s < sets; s++) {
        vwide gradient[MOST_VECTORS];
        UNROLL for (int v = 0; v < vectors; v++) {
          gradient[v] = KERNEL(gather)(dy + s * BLOCK + v * wide_block, r->dy_block);
        }
        UNROLL for (int c = 0; c < channels; c++) {
          vwide cell = (vwide)x[s * step + c * x_channel];
          UNROLL for (int v = 0; v < vectors; v++) sum[s][c][v] += cell * gradient[v];
        }
      }
    }
    for (; i < r->columns; i++, x += step, dy += BLOCK) {
      vwide gradient[MOST_VECTORS];
      UNROLL for (int v = 0; v < vectors; v++) {
        gradient[v] = KERNEL(gather)(dy + v * wide_block, r->dy_block);
      }
      UNROLL for (int c = 0; c < channels; c++) {
        vwide cell = (vwide)x[c * x_channel];
        UNROLL for (int v = 0; v < vectors; v++) sum[0][c][v] += cell * gradient[v];
      }
    }
  }
  UNROLL for (int c = 0; c < channels; c++) {
    UNROLL for (int v = 0; v < vectors; v++) {
      UNROLL for (int s = 1; s < sets; s++) sum[0][c][v] += sum[s][c][v];
      KERNEL(store_wide)(r->sums + c * r->sum_channel + v * WIDE, sum[0][c][v]);
    }
  }
}

#define SETS(vectors, channels)                                                                  \
  (4 * (vectors) * (channels) <= MOST_SUMS ? 4 : 2 * (vectors) * (channels) <= MOST_SUMS ? 2 : 1)
#define DEFINE(vectors, channels)                                                                \
  static void KERNEL(blocked_gradient##vectors##x##channels)(const gradient_rows *r) {           \
    KERNEL(gradient_tile)(vectors, channels, SETS(vectors, channels), 1, r);                     \
  }                                                                                              \
  static void KERNEL(planar_gradient##vectors##x##channels)(const gradient_rows *r) {            \
    KERNEL(gradient_tile)(vectors, channels, SETS(vectors, channels), r->x_channel, r);          \
  }
#define BLOCKED_ENTRY(vectors, channels)                                                         \
  [channels] = KERNEL(blocked_gradient##vectors##x##channels),
#define PLANAR_ENTRY(vectors, channels)                                                          \
  [channels] = KERNEL(planar_gradient##vectors##x##channels),
#define UP_TO_4(X, vectors) X(vectors, 1) X(vectors, 2) X(vectors, 3) X(vectors, 4)
#if MOST_CHANNELS == 8
#define UP_TO(X, vectors)                                                                        \
  UP_TO_4(X, vectors) X(vectors, 5) X(vectors, 6) X(vectors, 7) X(vectors, 8)
#else
#define UP_TO(X, vectors) UP_TO_4(X, vectors)
#endif

UP_TO(DEFINE, 1)
#if MOST_VECTORS == 2
UP_TO(DEFINE, 2)
#endif

/// By the registers of gradients, then by channels.
static const gradient_function KERNEL(gradients)[2][MOST_VECTORS + 1][MOST_CHANNELS + 1] = {
  [false] = {
    [1] = {UP_TO(BLOCKED_ENTRY, 1)},
#if MOST_VECTORS == 2
    [2] = {UP_TO(BLOCKED_ENTRY, 2)},
#endif
  },
  [true] = {
    [1] = {UP_TO(PLANAR_ENTRY, 1)},
#if MOST_VECTORS == 2
    [2] = {UP_TO(PLANAR_ENTRY, 2)},
#endif
  }};

/// One tap of all channels of a block and all filters of a unit.
INLINE void KERNEL(gradient_tap)(
    gradient_rows r, bool planar, ptrdiff_t width, ptrdiff_t channels) {
  ptrdiff_t registers = (width * BLOCK + WIDE - 1) / WIDE;
  // A lone block stands for two.
  if (width * BLOCK < WIDE) r.dy_block = 0;
  for (ptrdiff_t v = 0; v < registers; v += MOST_VECTORS) {
    ptrdiff_t vectors = registers - v < MOST_VECTORS ? registers - v : MOST_VECTORS;
    gradient_rows some = r;
    some.dy += v * (WIDE / BLOCK) * r.dy_block;
    some.sums += v * WIDE;
    for (ptrdiff_t c = 0; c < channels; c += MOST_CHANNELS) {
      ptrdiff_t count = channels - c < MOST_CHANNELS ? channels - c : MOST_CHANNELS;
      KERNEL(gradients)[planar][vectors][count](&some);
      some.x += MOST_CHANNELS * r.x_channel;
      some.sums += MOST_CHANNELS * r.sum_channel;
    }
  }
}

void KERNEL(weight_gradient_f32)(
    const convolution_geometry *g, bool planar, const filter_unit *unit, const float *x,
    const float *dy, const gradient_part *part, float *sums) {
  ptrdiff_t lanes = planar ? 1 : BLOCK, taps = g->size * g->size;
  ptrdiff_t plane = g->height * g->width, out_plane = g->out_height * g->out_width;
  ptrdiff_t width = (unit->width * BLOCK + WIDE - 1) / WIDE * WIDE;
  ptrdiff_t per_block = planar ? g->channels : BLOCK;
  dy += unit->output_block * out_plane * BLOCK;
  for (ptrdiff_t b = part->block; b < part->block_end; b++) {
    const float *block = x + (unit->first_block + b) * plane * lanes;
    ptrdiff_t left = g->channels - (unit->first_block + b) * BLOCK;
    ptrdiff_t channels = planar ? g->channels : left < BLOCK ? left : BLOCK;
    for (ptrdiff_t t = 0; t < taps; t++) {
      ptrdiff_t top = t / g->size * g->dilation - g->padding;
      ptrdiff_t start = t % g->size * g->dilation - g->padding;
      cell_range rows = cells_inside(part->row, part->row_end, g->stride_y, top, g->height);
      cell_range columns =
          cells_inside(part->column, part->column_end, g->stride_x, start, g->width);
      if (rows.first == rows.end || columns.first == columns.end) continue;
      gradient_rows r = {
        .x = block + ((rows.first * g->stride_y + top) * g->width
            + columns.first * g->stride_x + start) * lanes,
        .dy = dy + (rows.first * g->out_width + columns.first) * BLOCK,
        .rows = rows.end - rows.first,
        .columns = columns.end - columns.first,
        .x_row = g->stride_y * g->width * lanes,
        .dy_row = g->out_width * BLOCK,
        .x_step = g->stride_x * lanes,
        .x_channel = planar ? plane : 1,
        .dy_block = out_plane * BLOCK,
        .sums = sums + ((b - part->block) * per_block * taps + t) * width,
        .sum_channel = taps * width,
      };
      if (r.columns == g->out_width && r.x_row == r.columns * r.x_step) {
        r.columns *= r.rows;
        r.rows = 1;
      }
      KERNEL(gradient_tap)(r, planar, unit->width, channels);
    }
  }
}

#undef gradient_function
#undef MOST_VECTORS
#undef MOST_CHANNELS
#undef MOST_SUMS
#undef SETS
#undef DEFINE
#undef BLOCKED_ENTRY
#undef PLANAR_ENTRY
#undef UP_TO_4
#undef UP_TO
