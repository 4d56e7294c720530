/// Where a number was printed.
public struct Source: Hashable, Sendable {
  public let name: String

  private static let paper = "CSPNet (Wang et al., CVPR Workshops 2020)"

  static func table(_ number: Int) -> Source { Source(name: "\(paper), Table \(number)") }
  static let text = Source(name: "\(paper), text")
  static let figure7 = Source(name: "\(paper), Figure 7")
  /// The README of the authors' repository.
  static let repository = Source(name: "github.com/WongKinYiu/CrossStagePartialNetworks")
  /// README and Results.md of their earlier repository.
  static let partialResidual = Source(name: "github.com/WongKinYiu/PartialResidualNetworks")
}
