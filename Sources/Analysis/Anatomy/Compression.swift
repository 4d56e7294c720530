public import PenumbraEngine

/// What maxout saves while a feature pyramid is built.
///
/// The paper claims 75 % less memory for "PeleeNet" and does not say which maps it counts; each of
/// `ways` counts some of them.
public struct Compression: Hashable, Sendable {
  /// The neck's maxouts, in file order.
  public let maxouts: [Maxout]
  public let ways: [Way]

  public struct Maxout: Hashable, Sendable {
    public let layer: Int
    public let input: Shape
    public let output: Shape
    /// Whether it reads the backbone.
    public let readsBackbone: Bool

    public var saving: Double { 1 - Double(output.channels) / Double(input.channels) }
  }

  /// One way to count: elements as they would be without maxout, and as they are.
  public struct Way: Hashable, Sendable {
    public let name: String
    public let before: Int
    public let after: Int
    public var saving: Double { before == 0 ? 0 : 1 - Double(after) / Double(before) }
  }

  /// The claim of the paper.
  public static let claimed = 0.75

  /// The way that reproduces what the paper claims to half a percent, if one does.
  public var reproduction: Way? {
    ways.filter { abs($0.saving - Self.claimed) < 0.005 }
      .min { abs($0.saving - Self.claimed) < abs($1.saving - Self.claimed) }
  }
}

extension Wiring {
  /// Nil where no maxout stands behind the backbone.
  func compression(_ outline: Outline, _ pyramid: Pyramid) -> Compression? {
    let maxouts = (outline.backboneEnd..<kinds.count).filter { kinds[$0] == .maxout }.map {
      Compression.Maxout(
        layer: $0, input: shape(inputs[$0][0]), output: shape($0),
        readsBackbone: inputs[$0][0] < outline.backboneEnd)
    }
    guard !maxouts.isEmpty else { return nil }
    return Compression(maxouts: maxouts, ways: ways(maxouts, outline))
  }

  private func ways(_ maxouts: [Compression.Maxout], _ outline: Outline) -> [Compression.Way] {
    func sum(_ counts: some Sequence<Int>) -> Int { counts.reduce(0, saturatingSum) }
    let taps = maxouts.filter(\.readsBackbone)
    let sources = Set(taps.map { inputs[$0.layer][0] })
    // The least compressed copy of each map that is tapped.
    let copies = sources.map { source in
      taps.filter { inputs[$0.layer][0] == source }.map(\.output.count).max() ?? 0
    }
    let neck = outline.backboneEnd..<kinds.count
    let joins = neck.filter { isJoin($0) }
    let computed = neck.filter { !kinds[$0].isView || isJoin($0) }
    let uncompressed = uncompressedChannels()
    func inflated(_ layers: [Int]) -> Int {
      sum(layers.map { saturatingProduct(uncompressed[$0], shape($0).planeCount) })
    }
    return [
      Compression.Way(
        name: "each map that the backbone gives, once",
        before: sum(sources.map { shape($0).count }),
        after: sum(copies)),
      Compression.Way(
        name: "all maps that maxout reads from the backbone", before: sum(taps.map(\.input.count)),
        after: sum(taps.map(\.output.count))),
      Compression.Way(
        name: "all maps that maxout reads", before: sum(maxouts.map(\.input.count)),
        after: sum(maxouts.map(\.output.count))),
      Compression.Way(
        name: "the joins of the pyramid", before: inflated(joins),
        after: sum(joins.map { shape($0).count })
      ),
      Compression.Way(
        name: "all outputs of the neck and heads", before: inflated(computed),
        after: sum(computed.map { shape($0).count })),
    ].filter { $0.before > 0 }
  }

  /// Channels that each layer would make if the maxouts that it passes on had kept them all.
  private func uncompressedChannels() -> [Int] {
    indices.reduce(into: []) { counts, layer in
      func count(_ input: Int) -> Int { input < 0 ? channels(input) : counts[original(input)] }
      switch kinds[layer] {
      case .maxout, .upsample, .maxPool, .averagePool: counts.append(count(inputs[layer][0]))
      case .route where isJoin(layer):
        counts.append(inputs[layer].reduce(0) { saturatingSum($0, count($1)) })
      default: counts.append(channels(layer))
      }
    }
  }
}
