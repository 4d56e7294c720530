public import PenumbraCfg

/// `[maxout]`: channels compete and the largest of each set remains. Penumbra's dialect for the
/// compression that EFM ends with; `penumbra lower` writes it as `[maxpool] maxpool_depth=1`.
///
/// - Shape: `C×H×W` → `G×H×W`; channel `g` competes with `g + G`, `g + 2G`, …
/// - Source: CSPNet (Wang et al. 2019), section 3.3; the order of competitors is that of Darknet's
///   `maxpool_layer.c` with `maxpool_depth=1`.
public struct Maxout: Layer {
  public static let spec = SectionSpec(
    "maxout", "Maxout across channels: the largest of each set of competing channels remains.",
    keys: [outChannels, pieces])

  static let outChannels = Key<Int?>(
    "out_channels", defaultText: "channels / pieces", in: 1...1 << 20,
    "Channels of the output.")
  static let pieces = Key<Int?>(
    "pieces", defaultText: "2 without out_channels", in: 1...1 << 20,
    "How many channels compete for one.")

  public let inputs: [Input]
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    let input = try upstream.previousImage(for: section)
    let (stated, pieces) = (section.read(Self.outChannels), section.read(Self.pieces))
    if stated != nil, pieces != nil {
      section.report(
        .conflictingKeys("out_channels", "pieces", "state the same thing twice"), at: Self.pieces)
    }
    let competing = pieces ?? 2
    guard stated != nil || competing <= input.shape.channels else {
      throw section.error(
        .tooManyPieces(competing, input: input.shape.channels), at: Self.pieces)
    }
    let rounded = (input.shape.channels + competing - 1) / competing
    if stated == nil, input.shape.channels % competing != 0 {
      section.report(
        .incompleteSet(input.shape.channels, pieces: competing, output: rounded),
        at: Self.pieces)
    }
    output = try ChannelCompetition.output(
      input.shape, channels: stated ?? rounded, section,
      at: stated == nil ? Self.pieces : Self.outChannels)
    inputs = [input]
  }

  /// One comparison an element read, as Darknet counts `maxpool_depth`.
  public var cost: Cost { Cost(operations: inputs[0].shape.count) }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(CompeteChannels(), inputs, output)
  }
}

/// What `[maxout]` and `[maxpool] maxpool_depth=1` share.
enum ChannelCompetition {
  static func output(
    _ input: Shape, channels: Int, _ section: SectionReader, at key: any KeyDescription
  ) throws(CfgError) -> Shape {
    guard channels <= input.channels else {
      throw section.error(
        .maxoutTooWide(channels, input: input.channels, key: key.name), at: key)
    }
    return input.with(channels: channels)
  }
}

extension Maxout: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(note: "\(inputs[0].shape.channels) channels compete for \(output.channels)")
  }
}

extension Maxout: DialectLayer {
  public var darknetSections: [DarknetSection] { [.maxout(to: output.channels)] }
}
