public import PenumbraCfg

/// `[partial]`: one of the two shares that CSPNet splits a stage's base layer into. Penumbra's
/// dialect; a view, so it costs nothing.
///
/// - Shape: `C×H×W` → `c×H×W`, where `x0′`, the first channels, goes round the block and `x0″`, the
///   rest, goes through it.
/// - Source: CSPNet (Wang et al. 2019), section 3.1; `ratio` is its gamma.
public struct Partial: Layer {
  public static let spec = SectionSpec(
    "partial", "One share of an earlier layer's channels: CSPNet's x0' or x0''.",
    keys: [from, ratio, channels, take])

  static let from = Key(
    "from", default: -1, in: -1_000_000...1_000_000, "The layer that is split."
  ).namingLayers()
  static let ratio = Key<Float?>(
    "ratio", defaultText: "required, or channels", in: 1e-6...0.999999,
    "The paper's gamma: the share of the channels that goes round the block."
  ).allowing("above 0 and below 1").example("0.5")
  static let channels = Key<Int?>(
    "channels", defaultText: "required, or ratio", in: 1...1 << 20,
    "The same share as a number of channels.")
  static let take = Key(
    "take", oneOf: ["bypass", "block"], defaultText: "required",
    "bypass: the share that goes round the block (x0', the first channels); block: the rest (x0'')."
  )

  public let inputs: [Input]
  public let output: Shape
  /// The channels taken.
  let range: Range<Int>

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    let reference = section.read(Self.from)
    let ratio = section.read(Self.ratio)
    let stated = section.read(Self.channels)
    let take = section.read(Self.take)
    guard let input = upstream.resolve(reference, of: Self.from, element: 0, &section) else {
      throw CfgError([])
    }
    guard input.shape.isImage else {
      throw section.error(.notAnImage("partial", found: input.shape))
    }
    if ratio != nil, stated != nil {
      section.report(
        .conflictingKeys("ratio", "channels", "state the same thing twice"), at: Self.channels)
    }
    let total = input.shape.channels
    let bypass = try Self.bypassChannels(&section, ratio: ratio, stated: stated, of: total)
    guard let take else {
      if section.has(Self.take) { throw CfgError([]) }
      throw section.error(.requiredKey("take", section: "partial", example: "block"))
    }
    range = take == "bypass" ? 0..<bypass : bypass..<total
    inputs = [input]
    output = input.shape.with(channels: range.count)
  }

  private static func bypassChannels(
    _ section: inout SectionReader, ratio: Float?, stated: Int?, of total: Int
  ) throws(CfgError) -> Int {
    let bypass: Int
    if let stated {
      bypass = stated
    } else if let ratio {
      let exact = Double(ratio) * Double(total)
      bypass = Int(exact.rounded())
      if abs(exact - Double(bypass)) > 1e-3, (1..<total).contains(bypass) {
        section.report(
          .roundedRatio(ratio, of: total, exact: exact, taken: bypass),
          at: Self.ratio)
      }
    } else {
      if section.has(Self.ratio) || section.has(Self.channels) { throw CfgError([]) }
      throw section.error(.missingShare)
    }
    guard (1..<total).contains(bypass) else {
      throw section.error(
        .emptyShare(bypass, of: total), at: stated == nil ? Self.ratio : Self.channels)
    }
    return bypass
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.view(
      of: inputs[0], offset: range.lowerBound * output.planeCount, shape: output)
  }
}

extension Partial: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(
      namesInputs: true,
      note: "channels \(range.lowerBound) to \(range.upperBound - 1)"
        + " of \(inputs[0].shape.channels)")
  }
}

extension Partial: DialectLayer {
  /// The range as parts of equal layers, joined where one part does not do.
  public var darknetSections: [DarknetSection] {
    let parts = ChannelParts.cover(range, of: inputs[0].shape.channels)
    let routes = parts.map { DarknetSection.part($0.index, of: $0.groups) }
    return routes.count == 1 ? routes : routes + [.joining(routes.count)]
  }
}
