/// The C side of Penumbra: kernels over pointers and lengths, one table of them per instruction set,
/// plain reference loops, and the thread pool. Nothing here knows a layer, a cfg key or a file.
///
/// Unless a function says otherwise: tensors are planar (channels x height x width), floats need no
/// alignment, inputs and outputs do not overlap, nothing allocates, and arguments are not checked.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

#define SWIFT_NAME(name) __attribute__((swift_name(#name)))

// MARK: Instruction sets

/// In rising order; on arm64 `baseline` means `neon`.
typedef enum instruction_set : int32_t {
  ISA_BASELINE = 0,
  ISA_NEON = 1,
  ISA_AVX2 = 2,    ///< AVX2 and FMA
  ISA_AVX512 = 3,  ///< AVX-512 F, BW, DQ and VL
} SWIFT_NAME(KernelInstructionSet) instruction_set;

/// The best instruction set of this machine, whatever the limit.
instruction_set kernels_detected_isa(void);
/// Whether this machine executes `isa`.
bool kernels_supports_isa(instruction_set isa);
/// Lowers (or raises again) what `kernels_current` may choose, for tests and bug reports.
void kernels_limit_isa(instruction_set isa);

// MARK: Activations

/// The elementwise activations of Darknet; its channel normalisers are layers.
typedef enum activation : int32_t {
  ACTIVATION_LINEAR = 0,
  ACTIVATION_LOGISTIC,
  ACTIVATION_LOGGY,
  ACTIVATION_RELU,
  ACTIVATION_RELU6,
  ACTIVATION_ELU,
  ACTIVATION_SELU,
  ACTIVATION_GELU,
  ACTIVATION_RELIE,
  ACTIVATION_RAMP,
  ACTIVATION_LEAKY,
  ACTIVATION_REVLEAKY,
  ACTIVATION_TANH,
  ACTIVATION_PLSE,
  ACTIVATION_STAIR,
  ACTIVATION_HARDTAN,
  ACTIVATION_LHTAN,
  ACTIVATION_SWISH,
  ACTIVATION_MISH,
  ACTIVATION_HARD_MISH,
} SWIFT_NAME(KernelActivation) activation;

// MARK: Geometry

/// A convolution of square kernels; `padding` is the zero border above and to the left of the image,
/// and whatever `out_height` and `out_width` reach for below and to the right is zero as well.
typedef struct convolution_geometry {
  ptrdiff_t channels, height, width;
  ptrdiff_t filters;
  ptrdiff_t out_height SWIFT_NAME(outHeight);
  ptrdiff_t out_width SWIFT_NAME(outWidth);
  ptrdiff_t size;
  ptrdiff_t stride_x SWIFT_NAME(strideX);
  ptrdiff_t stride_y SWIFT_NAME(strideY);
  ptrdiff_t padding;
  ptrdiff_t dilation;
  ptrdiff_t groups;
} SWIFT_NAME(ConvolutionGeometry) convolution_geometry;

/// Pooling windows: output (x, y) looks at the `size` x `size` cells from
/// (x * stride_x - left, y * stride_y - top); cells outside the image do not exist.
typedef struct pool_window {
  ptrdiff_t channels, height, width;
  ptrdiff_t out_height SWIFT_NAME(outHeight);
  ptrdiff_t out_width SWIFT_NAME(outWidth);
  ptrdiff_t size;
  ptrdiff_t stride_x SWIFT_NAME(strideX);
  ptrdiff_t stride_y SWIFT_NAME(strideY);
  ptrdiff_t top, left;
} SWIFT_NAME(PoolWindow) pool_window;

// MARK: Blocked channels

/// Channels that stand together at each pixel of a blocked tensor, [channels / 8][height][width][8];
/// the last block is filled up with zeros, or with any finite values where nobody else writes them.
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
} SWIFT_NAME(BlockedEpilogue) blocked_epilogue;

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

// MARK: Reference loops: written to be obviously right, accumulating in double

/// act(x) by the formulas of `activations.md`, with libm.
double reference_activation(activation act, double x);
/// Its derivative at x, in double; at a kink the one from below, unless Darknet says otherwise.
double reference_activation_slope(activation act, double x);
/// y = act(x * scale[c] + bias[c]) as in the table, computed in double.
void reference_scale_bias_activate(
    activation act, const float *x, size_t x_stride, float *y, size_t y_stride,
    const float *_Nullable scale, const float *_Nullable bias, size_t channels, size_t n);
/// Filters [first, end) of a convolution of the whole input; weights are
/// filters x (channels / groups) x size x size, without bias.
void reference_convolution(
    const convolution_geometry *geometry, const float *x, const float *weights, float *y,
    ptrdiff_t first, ptrdiff_t end);
/// Rows [first, end) of y = weights * x; weights are outputs x inputs.
void reference_connected(
    const float *x, const float *weights, float *y, size_t inputs, size_t first, size_t end);
void reference_max_pool(
    const pool_window *window, const float *x, float *y, ptrdiff_t first, ptrdiff_t end);
void reference_average_pool(
    const pool_window *window, const float *x, float *y, ptrdiff_t first, ptrdiff_t end);

// MARK: Threads

/// Helpers that join the regions of their callers; see `thread_pool.c`.
typedef struct thread_pool thread_pool;

/// The most threads a pool has, callers not counted.
enum { THREAD_POOL_LIMIT = 256 };

/// A pool of at most `helpers` threads, none of which runs yet; null when there is no memory.
thread_pool *_Nullable thread_pool_create(int32_t helpers);
/// Joins the threads. No region may be running.
void thread_pool_destroy(thread_pool *pool);
/// Calls body(context, index, slot) once for each index below `count`, from at most `threads`
/// threads, the caller among them, and returns when all calls have. Concurrent calls have distinct
/// slots below `threads`; the caller's is 0. Inside a region it is a plain loop with slot 0.
void thread_pool_run(
    thread_pool *pool, size_t count, int32_t threads,
    void (*body)(void *_Nullable context, size_t index, size_t slot), void *_Nullable context);
/// How many helpers have been started so far.
int32_t thread_pool_started(thread_pool *pool);
/// The number of processors this process may use, at least 1.
int32_t thread_pool_processors(void);

#pragma clang assume_nonnull end

#endif
