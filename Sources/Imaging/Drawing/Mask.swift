/// How much of each pixel a shape covers, 0 to 1.
struct Mask {
  let width: Int
  let height: Int
  var coverage: [Float]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    coverage = [Float](repeating: 0, count: width * height)
  }

  /// Covers whole pixels; what is outside is left out.
  mutating func cover(columns: Range<Int>, rows: Range<Int>) {
    for y in rows.clamped(to: 0..<height) {
      for x in columns.clamped(to: 0..<width) { coverage[y * width + x] = 1 }
    }
  }

  /// Averages over `2 * reach + 1` pixels along both axes; outside counts as not covered.
  func blurred(reach: Int) -> Mask {
    blurredRows(reach: reach).transposed().blurredRows(reach: reach).transposed()
  }

  private func blurredRows(reach: Int) -> Mask {
    var result = self
    let share = 1 / Float(2 * reach + 1)
    for y in 0..<height {
      let row = y * width
      var sum = coverage[row..<row + min(reach, width)].reduce(0, +)
      for x in 0..<width {
        if x + reach < width { sum += coverage[row + x + reach] }
        if x > reach { sum -= coverage[row + x - reach - 1] }
        result.coverage[row + x] = sum * share
      }
    }
    return result
  }

  private func transposed() -> Mask {
    var result = Mask(width: height, height: width)
    for y in 0..<height {
      for x in 0..<width { result.coverage[x * height + y] = coverage[y * width + x] }
    }
    return result
  }

  /// One pixel for each `factor × factor`; what a partly filled block lacks counts as not covered.
  func reduced(by factor: Int) -> Mask {
    var result = Mask(width: (width + factor - 1) / factor, height: (height + factor - 1) / factor)
    let share = 1 / Float(factor * factor)
    for y in 0..<height {
      for x in 0..<width {
        result.coverage[(y / factor) * result.width + x / factor] += coverage[y * width + x] * share
      }
    }
    return result
  }
}
