/// Why none of the images of a data set can be used.
public struct UnusableImages: Hashable, Sendable {
  /// How many images were named.
  public let listed: Int
  /// How many were left out for a fault of each kind.
  public let counts: [DataFault.Kind: Int]
  /// What is said about the first of them.
  public let first: [String]
  /// Whether they were looked for in a folder.
  public let isFolder: Bool
  /// Whether `data check` reads what names them.
  private let isCheckable: Bool

  /// As many as a message names.
  private static let mostNamed = 3

  init(_ source: String, listed: Int, faults: DataFaults) {
    let left = faults.lazy.filter { $0.effect == .imageLeftOut && $0.kind != .emptyList }
    self.listed = listed
    counts = Dictionary(
      uniqueKeysWithValues: faults.imagesLeftOut.lazy.filter { $0.kind != .emptyList }
        .map { ($0.kind, $0.count) })
    first = left.prefix(Self.mostNamed).map { fault in
      (fault.line.map { "line \($0): " } ?? "") + fault.text
    }
    isFolder = PathKind(source) == .folder
    isCheckable = Paths.ending(of: source) != "json"
  }

  static func nothingListed(_ source: String) -> String {
    PathKind(source) == .folder
      ? "there is no picture in this folder or below it" : "no image is listed here"
  }

  var problem: String {
    guard listed > 0 else {
      return isFolder
        ? "there is no picture in this folder or below it" : "no image is listed here"
    }
    let missing = counts[.missingImage] ?? 0
    let left = counts.values.reduce(0, +)
    let what =
      missing == listed
      ? "none of the \(listed) images listed here is there"
      : "none of the \(listed) images here can be used"
        + (counts.isEmpty ? "" : " (\(kinds))")
    let more = left > first.count ? "\n  and \(left - first.count) more" : ""
    return what + (first.isEmpty ? "" : ":\n  " + first.joined(separator: "\n  ")) + more
  }

  private var kinds: String {
    DataFault.Kind.allCases.compactMap { kind in counts[kind].map { "\(kind.rawValue) \($0)" } }
      .joined(separator: ", ")
  }

  var remedy: String {
    if listed == 0 {
      return isFolder ? "name a folder with pictures, or a list of them" : "list an image a line"
    }
    return counts[.missingImage] == listed
      ? "correct the paths in the list, or start the command in the folder where they start"
      : isCheckable
        ? "'penumbra data check' lists all faults" : "correct the annotations in this file"
  }
}
