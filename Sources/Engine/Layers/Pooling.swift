public import PenumbraCfg
import PenumbraCompute

/// The keys and the geometry that `[maxpool]` and `[local_avgpool]` share.
///
/// - Shape: `C×H×W` → `C×H′×W′`, `H′ = (H + padding − size) / stride + 1`, rounded down.
/// - Padding counts both sides together; the smaller half lies above and to the left.
struct PoolGeometry: Sendable {
  static let size = Key<Int?>(
    "size", defaultText: "stride", in: 1...1024, "Side of the square window.")
  static let padding = Key<Int?>(
    "padding", defaultText: "size - 1", in: 0...2048,
    "Cells outside the image, both sides together; they do not take part.",
    quirk:
      "The half above and to the left is rounded down, so size=2 with stride=1 pads right and below."
  )

  static var keys: [any KeyDescription] {
    [size, padding, Convolutional.stride, Convolutional.strideX, Convolutional.strideY]
  }

  let input: Input
  let output: Shape
  let window: PoolWindow

  init(
    _ section: inout SectionReader, upstream: Upstream, ignoringStrides: Bool = false
  ) throws(CfgError) {
    let given = Strides(&section)
    let strides = ignoringStrides ? Strides(x: 1, y: 1) : given
    let size = section.read(Self.size) ?? section.read(Convolutional.stride)
    let padding = section.read(Self.padding) ?? size - 1
    input = try upstream.previousImage(for: section)
    guard let (height, width) = input.shape.slid(size: size, strides, padding: padding) else {
      throw section.error(
        .windowTooLarge(size, input: input.shape, padding: "\(padding) pixels in all"),
        at: Self.size)
    }
    output = Shape(input.shape.channels, height, width)
    window = PoolWindow(
      channels: input.shape.channels, height: input.shape.height, width: input.shape.width,
      outHeight: height, outWidth: width, size: size, strideX: strides.x, strideY: strides.y,
      top: padding / 2, left: padding / 2)
    // The first or the last window lies outside the image only when the padding is that large.
    if padding / 2 >= size || (height - 1) * strides.y - padding / 2 >= input.shape.height
      || (width - 1) * strides.x - padding / 2 >= input.shape.width
    {
      throw section.error(.windowSeesNothing(size, padding: padding), at: Self.padding)
    }
  }

  /// One comparison or addition an element of every window.
  var cost: Cost { Cost(operations: saturatingProduct(window.size, window.size, output.count)) }
}

/// `[maxpool]`: the largest value of each window; with `maxpool_depth=1`, maxout across channels.
///
/// - Source: Darknet `maxpool_layer.c`; the defaults are those of its `parser.c`.
public struct MaxPool: Layer {
  public static let spec = SectionSpec(
    "maxpool", aliases: ["max"],
    "The largest value of each window, channel by channel; or maxout across channels.",
    keys: PoolGeometry.keys + [acrossChannels, outChannels, antialiasing, zeroNonMax])

  static let acrossChannels = Key(
    "maxpool_depth", default: false,
    "Maxout: channels compete instead of pixels; every key but 'out_channels' is ignored.")
  static let outChannels = Key(
    "out_channels", default: 1, in: 1...1 << 20,
    "Channels of a maxout's output: channel g competes with g + out_channels, g + 2 out_channels ..."
  )
  static let antialiasing = Key(
    "antialiasing", default: 0, in: 0...2,
    "Pool with stride 1, then blur (1: 3x3, 2: 2x2) with the stride.")
  static let zeroNonMax = Key(
    "maxpool_zero_nonmax", default: false, "Training on a graphics card alone.", .training)

  public let inputs: [Input]
  public let output: Shape
  public let cost: Cost
  private let kind: Kind

  private enum Kind {
    case windows(PoolGeometry, Blur?)
    case channels
  }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    if section.read(Self.acrossChannels) {
      let input = try upstream.previousImage(for: section)
      let channels = section.read(Self.outChannels)
      output = try ChannelCompetition.output(
        input.shape, channels: channels, section, at: Self.outChannels)
      // Darknet's own count: the window's size times itself times the input.
      let size = section.read(PoolGeometry.size) ?? section.read(Convolutional.stride)
      cost = Cost(operations: saturatingProduct(size, size, input.shape.count))
      inputs = [input]
      kind = .channels
      return
    }
    if section.has(Self.outChannels) {
      section.report(
        .keyNotRead("out_channels", because: "maxpool_depth is 0"), at: Self.outChannels)
    }
    let blurKind = section.read(Self.antialiasing)
    let geometry = try PoolGeometry(
      &section, upstream: upstream, ignoringStrides: blurKind != 0)
    let blur =
      blurKind == 0
      ? nil : Blur(kind: blurKind, strides: Strides(&section), over: geometry.output)
    if let blur, blur.output.planeCount <= 0 {
      throw section.error(blur.doesNotFit(geometry.output), at: Self.antialiasing)
    }
    inputs = [geometry.input]
    output = blur?.output ?? geometry.output
    cost = geometry.cost
    kind = .windows(geometry, blur)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    switch kind {
    case .channels: return program.emit(CompeteChannels(), inputs, output)
    case .windows(let geometry, let blur):
      let pool = Pool(kind: .largest, window: geometry.window)
      let pooled = program.emit(pool, inputs, geometry.output)
      guard let blur else { return pooled }
      return program.emit(blur.operation(over: geometry.output), [pooled], blur.output)
    }
  }
}

/// `[local_avgpool]`: the mean of the valid values of each window.
///
/// - Source: Darknet `maxpool_layer.c` (`forward_local_avgpool_layer`).
public struct LocalAveragePool: Layer {
  public static let spec = SectionSpec(
    "local_avgpool", aliases: ["local_avg"],
    "The mean of each window, channel by channel; cells outside the image do not count.",
    keys: PoolGeometry.keys)

  private let geometry: PoolGeometry
  public var inputs: [Input] { [geometry.input] }
  public var output: Shape { geometry.output }
  public var cost: Cost { geometry.cost }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    geometry = try PoolGeometry(&section, upstream: upstream)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(Pool(kind: .mean, window: geometry.window), inputs, output)
  }
}

/// `[avgpool]`: the mean of each channel.
///
/// - Source: Darknet `avgpool_layer.c`.
public struct AveragePool: Layer {
  public static let spec = SectionSpec(
    "avgpool", aliases: ["avg"], "The mean of each channel over the whole map.", keys: [])

  public let inputs: [Input]
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    let input = try upstream.previousImage(for: section)
    inputs = [input]
    output = Shape(input.shape.channels, 1, 1)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(GlobalAverage(), inputs, output)
  }
}

// MARK: Table

extension PoolGeometry {
  var details: LayerDetails {
    LayerDetails(size: window.size, strideX: window.strideX, strideY: window.strideY)
  }
}

extension MaxPool: DescribedLayer {
  public var details: LayerDetails {
    switch kind {
    case .channels: return LayerDetails(note: "across channels")
    case .windows(let geometry, let blur):
      guard let blur else { return geometry.details }
      return LayerDetails(
        size: geometry.window.size, strideX: blur.strides.x, strideY: blur.strides.y,
        note: "blurred \(blur.size)x\(blur.size)")
    }
  }
}

extension LocalAveragePool: DescribedLayer {
  public var details: LayerDetails { geometry.details }
}
