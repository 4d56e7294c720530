/// Which classes were taken for which.
///
/// For detectors there is one row and one column more, the background: objects that nobody found, and
/// boxes where nothing is. Only what occurred is kept: a thousand classes have a million pairs.
public struct ConfusionMatrix: Hashable, Sendable {
  /// How many rows there are, and columns.
  public let side: Int
  /// Whether the last row and column are the background.
  public let hasBackground: Bool
  /// By `truth * side + reported`; never 0.
  private var cells: [Int: Int] = [:]

  public init(classes: Int, hasBackground: Bool) {
    side = classes + (hasBackground ? 1 : 0)
    self.hasBackground = hasBackground
  }

  /// Nil stands for the background.
  mutating func add(truth: Int?, reported: Int?) {
    cells[(truth ?? side - 1) * side + (reported ?? side - 1), default: 0] += 1
  }

  public subscript(truth: Int, reported: Int) -> Int { cells[truth * side + reported] ?? 0 }

  /// What occurred, row by row.
  public var pairs: [(truth: Int, reported: Int, count: Int)] {
    cells.sorted { $0.key < $1.key }.map { ($0.key / side, $0.key % side, $0.value) }
  }

  /// `counts[truth][reported]`, with all that did not occur: for matrices of few classes.
  public var counts: [[Int]] {
    var counts = Array(repeating: Array(repeating: 0, count: side), count: side)
    for pair in pairs { counts[pair.truth][pair.reported] = pair.count }
    return counts
  }

  /// The sum of each row: what was there.
  var truths: [Int] { sums { $0 / side } }
  /// The sum of each column: what was reported.
  var reports: [Int] { sums { $0 % side } }

  private func sums(_ place: (Int) -> Int) -> [Int] {
    var sums = Array(repeating: 0, count: side)
    for (cell, count) in cells { sums[place(cell)] += count }
    return sums
  }
}

extension ConfusionMatrix: Codable {
  private enum CodingKeys: String, CodingKey {
    case counts
    case hasBackground = "has_background"
  }

  /// Matrices of more classes have no `counts` when they are encoded: a thousand classes are some
  /// megabytes already, nearly all of it zeros.
  static let mostClassesEncoded = 1000

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(hasBackground, forKey: .hasBackground)
    guard side - (hasBackground ? 1 : 0) <= Self.mostClassesEncoded else { return }
    try container.encode(counts, forKey: .counts)
  }

  /// Without `counts`, a matrix of no classes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    hasBackground = try container.decode(Bool.self, forKey: .hasBackground)
    let counts = try container.decodeIfPresent([[Int]].self, forKey: .counts) ?? []
    side = counts.count
    for (truth, row) in counts.enumerated() {
      guard row.count == side else {
        throw DecodingError.dataCorruptedError(
          forKey: .counts, in: container, debugDescription: "the matrix is not square")
      }
      for (reported, count) in row.enumerated() where count != 0 {
        cells[truth * side + reported] = count
      }
    }
  }
}
