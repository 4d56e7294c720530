/// The tables of kernels, of floats and of fewer bits.
#ifndef CKERNELS_TABLE_H
#define CKERNELS_TABLE_H

#include "CKernelsBlocked.h"

#pragma clang assume_nonnull begin

// MARK: The table

/// The kernels of one instruction set; every entry is filled.
typedef struct kernel_table {
  instruction_set isa;
  /// Channels of a blocked tensor, or Winograd coefficients, that are computed at a time.
  ptrdiff_t wide;
  /// The most blocks of filters in a unit: two registers of them.
  ptrdiff_t unit_blocks SWIFT_NAME(unitBlocks);

  /// y = act(x), n values; y may be x.
  void (*activate)(activation act, const float *x, float *y, size_t n);
  /// y = act(x * scale[c] + bias[c]) over rows of n values, one row per channel; a null `scale` is 1,
  /// a null `bias` is 0. Strides are in floats; y may be x when the strides are equal.
  void (*scale_bias_activate)(
      activation act, const float *x, size_t x_stride, float *y, size_t y_stride,
      const float *_Nullable scale, const float *_Nullable bias, size_t channels, size_t n);
  /// y = e^x, n values; y may be x. Below 2 ulp; overflows to infinity, underflows gradually.
  void (*exponential)(const float *x, float *y, size_t n);

  /// z = x + y, n values; z may be x or y.
  void (*add)(const float *x, const float *y, float *z, size_t n);
  /// z = x * y, n values; z may be x or y.
  void (*multiply)(const float *x, const float *y, float *z, size_t n);
  /// y += a * x, n values.
  void (*add_scaled)(float a, const float *x, float *y, size_t n);
  /// y = x * scale[c] over contiguous rows of n values; y may be x.
  void (*scale_channels)(
      const float *x, const float *scale, float *y, size_t channels, size_t n);
  /// y[c] = the mean of row c, n values each.
  void (*channel_means)(const float *x, float *y, size_t channels, size_t n);

  /// The largest cell of each window, -FLT_MAX where it has none; NaN is never the largest.
  /// Channels [first, end) of both tensors.
  void (*max_pool)(
      const pool_window *window, const float *x, float *y, ptrdiff_t first, ptrdiff_t end);
  /// The mean of the cells each window has, 0 where it has none. Channels [first, end).
  void (*average_pool)(
      const pool_window *window, const float *x, float *y, ptrdiff_t first, ptrdiff_t end);
  /// y = scale * x, each cell repeated stride x stride times.
  void (*upsample)(
      const float *x, float *y, size_t channels, size_t height, size_t width, size_t stride,
      float scale);
  /// y[g] = max of x[k] over k = g, g + out_channels, ... below `channels`; planes of n values.
  void (*maxout)(const float *x, float *y, size_t channels, size_t out_channels, size_t n);

  /// Unfolds output rows [row, row_end) of channels [channel, channel_end) into a matrix of
  /// (channels * size * size) rows and ((row_end - row) * out_width) columns, `stride` floats
  /// apart. Row (c, ky, kx) comes in weight order. `x` is the whole input.
  void (*im2col)(
      const convolution_geometry *geometry, const float *x, ptrdiff_t channel,
      ptrdiff_t channel_end, ptrdiff_t row, ptrdiff_t row_end, float *columns, size_t stride);
  /// Convolution with one input channel per group (groups == channels), filters [first, end) of
  /// the whole output; weights are filters x size x size. Uses 64 KB of stack.
  void (*depthwise)(
      const convolution_geometry *geometry, const float *x, const float *weights, float *y,
      ptrdiff_t first, ptrdiff_t end);

  /// Output rows [row, row_end) and columns [column, column_end) of the filters of `units`.
  /// Scratch: 4 bytes for each tap of each input block, a multiple of 64 bytes in all, then, with a
  /// halo, the padded input of these rows.
  void (*convolve_blocked)(
      const convolution_geometry *geometry, bool planar, const filter_unit *units,
      size_t unit_count, const float *x, const float *weights, const blocked_epilogue *epilogue,
      float *y, ptrdiff_t row, ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end,
      void *scratch);
  /// Of planes, one group: a part of the output. Weights are [blocks][channels][size][size][8].
  /// Scratch: `planar_scratch_floats`.
  void (*convolve_planar)(
      const convolution_geometry *geometry, const planar_strip *strip, const float *x,
      const float *weights, const blocked_epilogue *epilogue, float *y, const planar_part *part,
      float *scratch);
  /// Winograd: the `wide` channels from `block` on, tiles [tile, tile_end), to points `stride` floats
  /// apart, `wide` floats a tile.
  void (*winograd_input)(
      const convolution_geometry *geometry, const float *x, ptrdiff_t block, ptrdiff_t tile,
      ptrdiff_t tile_end, float *v, ptrdiff_t stride);
  /// The weights of a unit, [channels][9][filters], to points, [channels][filters] each, `stride`
  /// floats apart.
  void (*winograd_weights)(
      const float *w, ptrdiff_t channels, ptrdiff_t filters, float *u, ptrdiff_t stride);
  /// The outputs of a part.
  void (*winograd_filters)(
      const convolution_geometry *geometry, const winograd_part *part,
      const blocked_epilogue *epilogue, float *y);
  /// One coefficient: m[filters][tiles] = weights * v[channels][tiles], both `wide` channels a tile,
  /// with room for `room` tiles; the blocks of `units` are counted in `wide` channels. `offsets` is
  /// scratch, 4 bytes for each `wide` channels of v.
  void (*multiply_coefficients)(
      const filter_unit *units, size_t unit_count, const float *v, ptrdiff_t room,
      const float *weights, float *m, ptrdiff_t tiles, int32_t *offsets);
  /// The transforms for stride 2, in tiles of 4 x 4 outputs: 25 coefficients, each with up to four
  /// parities of cells, one behind another, `slot` floats apart.
  void (*winograd_strided_input)(
      const convolution_geometry *geometry, const float *x, ptrdiff_t block, ptrdiff_t tile,
      ptrdiff_t tile_end, float *v, ptrdiff_t stride, ptrdiff_t slot);
  void (*winograd_strided_output)(
      const convolution_geometry *geometry, const float *m, ptrdiff_t stride, ptrdiff_t tile,
      ptrdiff_t tile_end, ptrdiff_t block, const blocked_epilogue *epilogue, float *y);
  /// Small groups: output rows [row, row_end) of the filters of `unit`.
  /// Scratch: `grouped_scratch_floats`.
  void (*convolve_grouped)(
      const convolution_geometry *geometry, const lane_groups *groups, const lane_unit *unit,
      const float *x, const float *weights, const blocked_epilogue *epilogue, float *y,
      ptrdiff_t row, ptrdiff_t row_end, float *scratch);
  /// As `max_pool`, of one block; `rows` is scratch, height * out_width * 8 floats.
  void (*max_pool_blocked)(
      const pool_window *window, const float *x, float *y, ptrdiff_t block, float *rows);
  /// The mean of each lane of one block of `plane` pixels.
  void (*mean_blocked)(const float *x, float *y, size_t plane);
  /// y = x * scale, lane by lane of one block; y may be x.
  void (*scale_blocked)(const float *x, const float *scale, float *y, size_t plane);
  /// y = the larger of x and y, or with `first` of x and -FLT_MAX; n floats of whole blocks.
  void (*larger_blocked)(const float *x, bool first, float *y, size_t n);
  /// As `upsample`, of one block.
  void (*upsample_blocked)(
      const float *x, float *y, size_t height, size_t width, size_t stride, float scale);
  /// y += scale * x, lane by lane, n pixels of one block; a step is as many pixels.
  void (*add_scaled_blocked)(
      const float *x, ptrdiff_t x_step, const float *scale, float *y, ptrdiff_t y_step, size_t n);
  /// At most 8 planes to one block, and back.
  void (*pack_blocked)(const float *x, float *y, size_t channels, size_t plane);
  void (*unpack_blocked)(const float *x, float *y, size_t channels, size_t plane);

  /// Adds to the gradients of one unit's weights what a part of one image gives: for each channel of
  /// its blocks (planes of a planar input), each tap and each filter, the sum over output cells of
  /// dy times the input cell at that tap. `sums` is [8 * blocks, or planes][size * size][filters],
  /// filters up to whole `wide`s; what stands behind the unit's own filters is of no use.
  void (*weight_gradient)(
      const convolution_geometry *geometry, bool planar, const filter_unit *unit, const float *x,
      const float *dy, const gradient_part *part, float *sums);

  /// The same for one block of a depthwise convolution; `sums` is [size * size][8].
  void (*depthwise_gradient)(
      const convolution_geometry *geometry, const float *x, const float *dy,
      const gradient_part *part, float *sums);
  /// Adds what output rows [row, row_end) give to an input's gradient, one block of each tap,
  /// [row_end - row][out_width][8] and `tap_floats` apart, to one block of that gradient.
  void (*fold_blocked)(
      const convolution_geometry *geometry, const float *cells, ptrdiff_t tap_floats,
      ptrdiff_t row, ptrdiff_t row_end, float *dx);
  /// dx = dy * act'(x), added to what stands there with `adds`; n values; dx may be x or dy.
  void (*activation_gradient)(
      activation act, const float *x, const float *dy, float *dx, size_t n, bool adds);
  /// Adds the sums of each lane over n pixels of a block to 8 doubles.
  void (*sum_blocked)(const float *x, double *sums, size_t n);
  /// The same of x * y.
  void (*dot_blocked)(const float *x, const float *y, double *sums, size_t n);
  /// Adds to 8 doubles the sums of x - shift, and to 8 more those of its square.
  void (*moments_blocked)(const float *x, const float *shift, double *sums, size_t n);
  /// y = act(z) of n pixels of a block.
  void (*normalize_blocked)(
      activation act, const float *x, const block_normalization *b, float *y, size_t n);
  /// With g = dy * act'(z), adds the sums of g to 8 doubles, and those of g * (x - mean) to 8 more.
  void (*normalize_sums)(
      activation act, const float *x, const float *dy, const block_normalization *b, double *sums,
      size_t n);
  /// dx = g * factor + constant + (x - mean) * along, added to what stands there with `adds`.
  void (*normalize_gradient)(
      activation act, const float *x, const float *dy, const block_normalization *b,
      const float *constant, const float *along, float *dx, size_t n, bool adds);
  /// Adds each output's gradient to the first cell of its window, row by row, that is as large as
  /// the output; one block of each.
  void (*max_pool_gradient)(
      const pool_window *window, const float *x, const float *y, const float *dy, float *dx);
  /// dx = scale * the sum of the stride x stride cells of dy that repeat it; one block of each.
  void (*upsample_gradient)(
      const float *dy, float *dx, size_t height, size_t width, size_t stride, float scale,
      bool adds);
  /// dx = rest where x is as large as y, which is set to 0 there, else 0; n floats of whole blocks.
  void (*competition_gradient)(
      const float *x, const float *y, float *rest, float *dx, size_t n, bool adds);

  /// Multiply-adds without memory, as many as one core can do; `sink` is read and added to, so that
  /// the work is not left out. Returns the operations, two for each multiply-add.
  double (*peak_f32)(size_t rounds, float *sink);
  /// The same with dot products of bf16 and of bytes; 0 where the processor has none.
  double (*peak_bf16)(size_t rounds, float *sink);
  double (*peak_int8)(size_t rounds, float *sink);
  /// Read and write memory without arithmetic, over and over; n is a multiple of 256 bytes.
  int32_t (*read_bytes)(const void *x, size_t n, size_t times);
  void (*write_bytes)(void *y, size_t n, size_t times, int32_t value);
} SWIFT_NAME(KernelTable) kernel_table;

/// The table of the best instruction set this machine and the limit allow.
const kernel_table *kernels_current(void);
/// The table of the best supported instruction set not above `isa`.
const kernel_table *kernels_up_to(instruction_set isa);

// MARK: Fewer bits

/// What convolutions of reduced precision multiply.
typedef enum reduced_element : int32_t {
  ELEMENT_BF16 = 0,  ///< the upper half of a float; needs AVX512_BF16
  ELEMENT_INT8,      ///< unsigned bytes times signed ones; needs AVX512_VNNI
} SWIFT_NAME(ReducedElement) reduced_element;

/// Convolutions whose tensors are floats in memory, and whose products are of fewer bits.
typedef struct reduced_table {
  reduced_element element;
  /// Neighbouring channels in a word of 32 bits.
  ptrdiff_t word_channels SWIFT_NAME(wordChannels);

  /// What output rows [row, row_end) and columns [column, column_end) see of input blocks
  /// [block, block_end), zeros around the image included, as elements into their place in `strip`,
  /// [blocks][rows][width][8]. `quantization` is of bytes alone.
  void (*convert)(
      const convolution_geometry *geometry, const float *x,
      const quantization *_Nullable quantization, ptrdiff_t block, ptrdiff_t block_end,
      ptrdiff_t row, ptrdiff_t row_end, ptrdiff_t column, ptrdiff_t column_end, void *strip);
  /// As `convolve_blocked`, of a strip that was converted for the same rows and columns. Weights are
  /// [blocks][size][size][8 / word_channels][8 * width] words, counted in words by the units.
  /// `offsets` is scratch, 4 bytes for each tap of each input block.
  void (*convolve)(
      const convolution_geometry *geometry, const filter_unit *units, size_t unit_count,
      const void *strip, const quantization *_Nullable quantization, const void *weights,
      const blocked_epilogue *epilogue, float *y, ptrdiff_t row, ptrdiff_t row_end,
      ptrdiff_t column, ptrdiff_t column_end, int32_t *offsets);
  /// As in the table of floats, with `wide` elements a tile and `word_channels` of them in a word;
  /// weights come transformed, [channels / word_channels][filters] words a point. Null for bytes.
  void (*_Nullable winograd_input)(
      const convolution_geometry *geometry, const float *x, ptrdiff_t block, ptrdiff_t tile,
      ptrdiff_t tile_end, float *v, ptrdiff_t stride);
  void (*_Nullable winograd_filters)(
      const convolution_geometry *geometry, const winograd_part *part,
      const blocked_epilogue *epilogue, float *y);
} SWIFT_NAME(ReducedTable) reduced_table;

/// The kernels of an element; null where this machine or the limit does not allow them.
const reduced_table *_Nullable kernels_reduced(reduced_element element);

#pragma clang assume_nonnull end

#endif
