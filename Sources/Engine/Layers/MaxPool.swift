public import PenumbraCfg
import PenumbraCompute

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

  /// Whether channels compete instead of pixels.
  package var isMaxout: Bool { if case .channels = kind { true } else { false } }

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

extension MaxPool: DescribedLayer {
  public var details: LayerDetails {
    switch kind {
    case .channels: return LayerDetails(note: "across channels")
    case .windows(let geometry, let blur):
      guard let blur else { return geometry.details }
      return LayerDetails(
        size: geometry.window.size, strideX: blur.strides.x, strideY: blur.strides.y,
        blur: blur.size, note: "blurred \(blur.size)x\(blur.size)")
    }
  }
}
