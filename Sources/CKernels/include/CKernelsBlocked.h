/// What kernels of blocked channels are told, and how weights are turned into their order.
#ifndef CKERNELS_BLOCKED_H
#define CKERNELS_BLOCKED_H

#include "CKernelsTypes.h"

#pragma clang assume_nonnull begin

/// Channels that stand together at each pixel of a blocked tensor, [channels / 8][height][width][8];
/// the last block is filled up with any finite numbers.
enum { CHANNEL_BLOCK = 8 };

/// Neighbouring blocks of filters that are computed together.
typedef struct filter_unit {
  /// The blocks of input channels (planes of a planar input) that these filters read.
  int32_t first_block SWIFT_NAME(firstBlock);
  int32_t block_count SWIFT_NAME(blockCount);
  int32_t output_block SWIFT_NAME(outputBlock);
  int32_t width;  ///< 1, 2 or 4, at most `unit_blocks`
  /// Where the weights start: [blocks][size][size][8, or 1 of a planar input][8 * width].
  ptrdiff_t weights;
} SWIFT_NAME(FilterUnit) filter_unit;

/// One or, where `wide` holds as many, two neighbouring blocks of filters, and the channels they read.
typedef struct lane_unit {
  int32_t output_block SWIFT_NAME(outputBlock);
  int32_t block_count SWIFT_NAME(blockCount);
  /// Where the weights start: [size][sources][channels of a group][size][wide], zeros where a source
  /// is not the filter's. Those of a lone block stand there twice if two would fit.
  ptrdiff_t weights;
  /// Where `lane_choice` of the unit starts: the two blocks of each source, then
  /// [sources][channels of a group][wide] lanes of them, one for each filter.
  ptrdiff_t choice;
} SWIFT_NAME(LaneUnit) lane_unit;

/// What the units of a grouped convolution have in common.
typedef struct lane_groups {
  /// The blocks of channels that a block of filters reads.
  ptrdiff_t sources;
  ptrdiff_t depth;  ///< channels of a group
  ptrdiff_t band;   ///< output columns that are computed at a time
  /// Floats from one block of channels to the next; its rows are counted from where x points, even
  /// where only those that are read are in memory.
  ptrdiff_t block_floats SWIFT_NAME(blockFloats);
  /// Whether each filter reads the lane it stands in.
  bool is_depthwise SWIFT_NAME(isDepthwise);
  const int32_t *choice;
} SWIFT_NAME(LaneGroups) lane_groups;

/// The scratch memory of `convolve_grouped`.
static inline ptrdiff_t grouped_scratch_floats(
    const convolution_geometry *g, const lane_groups *groups, ptrdiff_t wide) {
  ptrdiff_t reach = (g->size - 1) * g->dilation + 1;
  ptrdiff_t cells = reach * groups->sources * groups->depth
      * ((groups->band - 1) * g->stride_x + reach);
  ptrdiff_t pointers = g->size * (ptrdiff_t)(sizeof(float *) / sizeof(float));
  return cells * wide + wide + groups->band * CHANNEL_BLOCK + pointers;
}

/// y = second(first(sum + bias) + residual), the latter two only with a residual, which has the
/// layout of y. The bias has whole blocks.
typedef struct blocked_epilogue {
  const float *bias;
  activation first;
  activation second;
  const float *_Nullable residual;
  /// Whether only the largest of every two by two outputs is kept. Both numbers of outputs are even
  /// then, `first` is short and falls nowhere, and there is no residual. Not every kernel can do it.
  bool is_pooled SWIFT_NAME(isPooled);
} SWIFT_NAME(BlockedEpilogue) blocked_epilogue;

/// How a convolution of planes is cut.
typedef struct planar_strip {
  /// Outputs of the convolution that are computed at a time: even numbers where they are pooled.
  ptrdiff_t rows, columns;
} SWIFT_NAME(PlanarStrip) planar_strip;

/// Blocks of filters, and what is kept of their outputs.
typedef struct planar_part {
  ptrdiff_t block;
  ptrdiff_t block_end SWIFT_NAME(blockEnd);
  ptrdiff_t row;
  ptrdiff_t row_end SWIFT_NAME(rowEnd);
  ptrdiff_t column;
  ptrdiff_t column_end SWIFT_NAME(columnEnd);
} SWIFT_NAME(PlanarPart) planar_part;

/// The remainders that the columns of windows have when divided by the stride.
static inline ptrdiff_t planar_phases(const convolution_geometry *g) {
  ptrdiff_t reach = (g->size - 1) * g->dilation + 1;
  return g->stride_x < reach ? g->stride_x : reach;
}
/// The rows that the windows of a strip see.
static inline ptrdiff_t planar_input_rows(const convolution_geometry *g, const planar_strip *s) {
  return (s->rows - 1) * g->stride_y + (g->size - 1) * g->dilation + 1;
}
/// The columns of one phase, up to whole registers.
static inline ptrdiff_t planar_width(const convolution_geometry *g, const planar_strip *s) {
  return (s->columns + 31) / 32 * 32 + (g->size - 1) * g->dilation / g->stride_x;
}
/// The scratch memory of `convolve_planar`.
static inline ptrdiff_t planar_scratch_floats(
    const convolution_geometry *g, const planar_strip *s) {
  return (g->channels * g->size * g->size + 15) / 16 * 16
      + g->channels * planar_input_rows(g, s) * planar_phases(g) * planar_width(g, s);
}

/// Winograd's convolution F(4x4,3x3).
enum {
  WINOGRAD_POINTS = 36,
  /// Channels whose weights are transformed at a time.
  WINOGRAD_CHUNK = 32,
  /// Floats between one point's coefficients and the next one's, so that no two share a cache set.
  WINOGRAD_GAP = 16,
};

/// One unit of filters at some neighbouring tiles of 4 x 4 outputs, counted row by row.
typedef struct winograd_part {
  const filter_unit *unit;
  /// The coefficients of the input at the first tile, points `stride` floats apart, each
  /// [channels / wide][room][wide].
  const float *v;
  ptrdiff_t stride;
  ptrdiff_t room;
  ptrdiff_t tile;   ///< the first one
  ptrdiff_t count;  ///< of tiles
  /// The weights of the unit: transformed, channels * filters + WINOGRAD_GAP floats a point, or
  /// [channels][9][filters]; channels and filters up to whole `wide`s.
  const float *weights;
  bool transformed;
  float *scratch;  ///< of `winograd_scratch` floats
} SWIFT_NAME(WinogradPart) winograd_part;

/// Floats of scratch memory that a part of `count` tiles and `filters` filters takes.
static inline ptrdiff_t winograd_scratch(ptrdiff_t count, ptrdiff_t filters, bool transformed) {
  ptrdiff_t weights = transformed ? 0 : WINOGRAD_CHUNK * filters + WINOGRAD_GAP;
  return WINOGRAD_POINTS * (count * filters + WINOGRAD_GAP + weights);
}

/// What a part of a weights' gradient is summed over and for: output cells, and blocks of channels
/// (of planar input, the only one) counted from the unit's first.
typedef struct gradient_part {
  ptrdiff_t row;
  ptrdiff_t row_end SWIFT_NAME(rowEnd);
  ptrdiff_t column;
  ptrdiff_t column_end SWIFT_NAME(columnEnd);
  ptrdiff_t block;
  ptrdiff_t block_end SWIFT_NAME(blockEnd);
} SWIFT_NAME(GradientPart) gradient_part;

/// What batch normalisation does to the channels of one block, z = (x - mean) * factor + bias; a block
/// of floats each.
typedef struct block_normalization {
  const float *mean;
  const float *factor;
  const float *bias;
} SWIFT_NAME(BlockNormalization) block_normalization;

/// How floats become bytes from 0 to 255, x * inverse + zero, rounded to the nearest and clipped, and
/// how sums become floats again: filter by filter, (start + sum) * scale. Whole blocks of filters.
typedef struct quantization {
  float inverse;
  int32_t zero;
  const int32_t *starts;
  const float *scales;
} SWIFT_NAME(KernelQuantization) quantization;

/// Whether windows reach beyond the image, so that a strip of it is copied with zeros around it.
static inline bool blocked_needs_halo(const convolution_geometry *g) {
  ptrdiff_t reach = (g->size - 1) * g->dilation + 1;
  return g->padding > 0 || (g->out_height - 1) * g->stride_y + reach > g->height
      || (g->out_width - 1) * g->stride_x + reach > g->width;
}

/// Turns rows of weights into columns: packed[i * lanes + r] = w[r * columns + i] * scales[r] for
/// r < rows; the lanes behind them are left alone. A null `scales` is 1.
void pack_filters(
    const float *w, ptrdiff_t rows, ptrdiff_t columns, const float *_Nullable scales,
    float *packed, ptrdiff_t lanes);

/// The way back, added: w[r * stride + i] += packed[i * lanes + r] for r < rows, i < columns.
void add_filters(
    const float *packed, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t lanes, float *w,
    ptrdiff_t stride);
/// The weights of a group, filters x channels x taps, for the opposite direction: turned[c][f] is
/// w[f][c] from its last tap to its first, for channels [first, end).
void turn_filters(
    const float *w, ptrdiff_t filters, ptrdiff_t channels, ptrdiff_t taps, ptrdiff_t first,
    ptrdiff_t end, float *turned);

#pragma clang assume_nonnull end

#endif
