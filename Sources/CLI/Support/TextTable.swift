import PenumbraSupport

/// Rows of text under headings, columns two blanks apart.
struct TextTable {
  enum Alignment { case left, right }

  private let headings: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  init(_ columns: [(heading: String, alignment: Alignment)]) {
    headings = columns.map(\.heading)
    alignments = columns.map(\.alignment)
  }

  mutating func append(_ row: [String]) { rows.append(row.map(\.printable)) }

  /// The lines, headings first; columns that no row fills are left out.
  var lines: [String] {
    let used = headings.indices.filter { column in rows.contains { !$0[column].isEmpty } }
    let all = [headings] + rows
    let widths = used.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = zip(used, widths).map { column, width in
        let blanks = String(repeating: " ", count: width - row[column].count)
        return alignments[column] == .left ? row[column] + blanks : blanks + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}

extension Double {
  /// With a fixed number of decimals.
  func text(_ decimals: Int) -> String {
    guard isFinite else { return "\(self)" }
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 0x1p62 else { return "\(self)" }
    let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    let digits = String(part)
    let fraction = String(repeating: "0", count: max(0, decimals - digits.count)) + digits
    return (self < 0 && scaled > 0 ? "-" : "") + "\(whole)" + (decimals > 0 ? "." + fraction : "")
  }
}

/// A count with its noun, in the plural where it is not one.
func counted(_ count: Int, _ noun: String, plural: String? = nil) -> String {
  "\(count) \(count == 1 ? noun : plural ?? noun + "s")"
}
