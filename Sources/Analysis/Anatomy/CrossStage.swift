import PenumbraEngine

/// A CSP stage: a base layer divided into a part that goes round the blocks and a part that goes
/// through them, and the two joined.
public struct CrossStage: Hashable, Sendable {
  public enum Split: String, Hashable, Sendable, Codable {
    /// Two convolutions read the whole base, as in the authors' cfgs.
    case convolutions
    /// Two shares of the base's channels, as in the paper.
    case slices
    /// A share goes through the blocks, the whole base round them (YOLOv4-tiny).
    case slice
  }

  /// What stands between the blocks and the stage's output; the paper's Figure 3.
  public enum Fusion: String, Hashable, Sendable, Codable {
    /// Blocks, transition, join, transition: CSP as adopted.
    case both
    /// Blocks, join, transition.
    case first
    /// Blocks, transition, join.
    case last
    /// Blocks and join alone.
    case none
  }

  public let split: Split
  public let fusion: Fusion
  /// Channels that go round the blocks, and channels that enter them.
  public let bypassChannels: Int
  public let blockChannels: Int
  /// The layers that are divided.
  public let base: [Int]
  /// The layer that goes round: a convolution or a share; the base itself where all of it does.
  public let bypass: Int
  /// The layer that enters the blocks: a convolution or a share.
  public let entry: Int
  public let blocks: [Block]
  /// Convolutions that belong to no block, transitions and splits aside.
  public let looseConvolutions: [Int]
  /// The transition of the part that went through the blocks.
  public let firstTransition: Int?
  public let join: Int
  /// The transition of the joined parts.
  public let secondTransition: Int?
  /// Everything from the split to the last transition, in file order.
  public let layers: [Int]
  public let isElastic: Bool

  /// The paper's gamma: the share of the channels that goes round the blocks.
  public var gamma: Double {
    Double(bypassChannels) / Double(bypassChannels + blockChannels)
  }

  /// The layer that holds what the stage makes.
  public var output: Int { secondTransition ?? join }
}

extension CrossStage: CustomStringConvertible {
  /// "conv split, gamma 0.50, 4 two-way dense layers, both transitions".
  public var description: String {
    let split =
      switch split {
      case .convolutions: "conv split, gamma \(gamma.rounded(to: 2))"
      case .slices: "channel split, gamma \(gamma.rounded(to: 2))"
      case .slice: "\(blockChannels) of \(bypassChannels) channels through, all round"
      }
    let fusion =
      switch fusion {
      case .both: "both transitions"
      case .first: "fusion first"
      case .last: "fusion last"
      case .none: "no transition"
      }
    return [split, contents, fusion].joined(separator: ", ")
  }

  private var contents: String {
    let loose = looseConvolutions.count
    if blocks.isEmpty { return "\(loose) convolution\(loose == 1 ? "" : "s")" }
    return blocks.text
  }
}

extension Double {
  /// With a fixed number of decimals.
  package func rounded(to decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 0x1p62 else { return "\(self)" }
    let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    let digits = String(part)
    let fraction = String(repeating: "0", count: max(0, decimals - digits.count)) + digits
    return (self < 0 && scaled > 0 ? "-" : "") + "\(whole)" + (decimals > 0 ? "." + fraction : "")
  }
}
