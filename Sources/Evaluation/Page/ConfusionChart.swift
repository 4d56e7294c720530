import PenumbraSupport

/// A confusion matrix as SVG: the shade is the share of the row.
struct ConfusionChart {
  let matrix: ConfusionMatrix
  let names: [String]

  /// More classes than these have no readable matrix.
  private static let mostClasses = 40

  var card: String {
    guard matrix.side <= Self.mostClasses + 1 else {
      return PagePart.card("Most frequent confusions", confusions)
    }
    let rows =
      matrix.hasBackground
      ? "Rows are objects, columns what was reported for them; the last row are boxes where no such"
        + " object is, the last column objects that were missed."
      : "Rows are what images show, columns what they were taken for."
    return PagePart.card("Confusion matrix", "<p class=\"faint\">\(rows)</p>\(svg)")
  }

  private func name(_ index: Int, missed: String) -> String {
    matrix.hasBackground && index == matrix.side - 1 ? missed : names[index]
  }

  var svg: String {
    let (side, totals) = (matrix.side, matrix.truths)
    let cell = min(max(520 / Double(side), 16), 76)
    let longest = min(names.map(\.count).max() ?? 0, 22)
    let margin = max(Double(longest) * 7, 56) + 10
    // Upright heads where they fit, else turned.
    let isUpright = Double(max(longest, 6)) * 7 < cell
    let top = isUpright ? 24 : margin * 0.75 + 8
    let span = margin + cell * Double(side) + 8
    let height = top + cell * Double(side) + 6
    var body = ""
    for row in 0..<side {
      let total = totals[row]
      let y = top + cell * Double(row)
      body += """
        <text x="\(fixed(margin - 8, 1))" y="\(fixed(y + cell / 2, 1))" dy="0.35em" \
        text-anchor="end">\(short(name(row, missed: "nothing")).xmlEscaped)</text>
        """
      for column in 0..<side {
        body += square(
          matrix[row, column], of: total, (margin + cell * Double(column), y), cell,
          (row, column))
      }
    }
    for column in 0..<side {
      let x = margin + cell * (Double(column) + 0.5)
      let text = short(name(column, missed: "missed")).xmlEscaped
      body +=
        isUpright
        ? "<text x=\"\(fixed(x, 1))\" y=\"\(fixed(top - 8, 1))\" text-anchor=\"middle\">\(text)</text>"
        : "<text transform=\"translate(\(fixed(x, 1)) \(fixed(top - 8, 1))) rotate(-40)\">\(text)</text>"
    }
    return "<div class=\"scroll\"><svg viewBox=\"0 0 \(fixed(span, 0)) \(fixed(height, 0))\""
      + " style=\"max-width:\(fixed(span * 1.15, 0))px\" role=\"img\""
      + " aria-label=\"Confusion matrix\">\(body)</svg></div>"
  }

  private func short(_ name: String) -> String {
    name.count > 22 ? name.prefix(20) + "…" : name
  }

  private func square(
    _ count: Int, of total: Int, _ corner: (x: Double, y: Double), _ side: Double,
    _ place: (row: Int, column: Int)
  ) -> String {
    // Nothing where nothing is cannot be counted.
    let last = matrix.side - 1
    guard !(matrix.hasBackground && place.row == last && place.column == last) else { return "" }
    let share = total > 0 ? Double(count) / Double(total) : 0
    let kind = place.row == place.column ? "cell right" : "cell"
    let title =
      "\(name(place.row, missed: "nothing")) → \(name(place.column, missed: "missed")): \(count)"
      + " of \(total), \(fixed(share * 100, 1)) %"
    var body = """
      <rect class="\(kind)" x="\(fixed(corner.x, 1))" y="\(fixed(corner.y, 1))" \
      width="\(fixed(side, 1))" height="\(fixed(side, 1))" fill-opacity="\(fixed(share * 0.92, 3))">\
      <title>\(title.xmlEscaped)</title></rect>
      """
    if count > 0, side >= 22 {
      body += """
        <text class="\(share > 0.55 ? "on" : "ink")" x="\(fixed(corner.x + side / 2, 1))" \
        y="\(fixed(corner.y + side / 2, 1))" dy="0.35em" text-anchor="middle">\(count)</text>
        """
    }
    return body
  }

  /// The pairs that occur most, for matrices nobody could read.
  private var confusions: String {
    let wrong = matrix.pairs.filter { $0.truth != $0.reported }
    let rows = wrong.stablySorted { $0.count > $1.count }.prefix(30).map { pair in
      [name(pair.truth, missed: "nothing"), name(pair.reported, missed: "missed"), "\(pair.count)"]
    }
    return PagePart.table(["what it is", "reported", "times"], Array(rows))
  }
}
