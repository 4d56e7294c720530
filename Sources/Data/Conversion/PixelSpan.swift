/// One axis of a box in pixels, found from shares that were written with a few decimals.
///
/// Labels are rounded: 0.275781 of 640 is 176.49984, where 176.5 was meant. Among all spans that
/// would be written with the very same digits the one with the fewest decimals of a pixel is taken,
/// so that pixels become labels and again the same pixels.
struct PixelSpan: Hashable {
  let start: Double
  let length: Double

  /// - Parameters:
  ///   - centre: as written.
  ///   - size: as written.
  ///   - pixels: of the image along this axis.
  init?(centre: Substring, size: Substring, pixels: Int) {
    guard let middle = Double(centre), let share = Double(size) else { return nil }
    let scale = Double(pixels)
    let exact = (start: (middle - share / 2) * scale, length: share * scale)
    let digits = (Self.decimals(centre), Self.decimals(size))
    for decimals in 0...9 {
      let start = exact.start.rounded(decimals: decimals)
      let length = exact.length.rounded(decimals: decimals)
      let isSame =
        Self.same((start + length / 2) / scale, middle, digits.0)
        && Self.same(length / scale, share, digits.1)
      if isSame {
        (self.start, self.length) = (start, length)
        return
      }
    }
    (start, length) = exact
  }

  private static func same(_ a: Double, _ b: Double, _ decimals: Int) -> Bool {
    a.shareText(decimals) == b.fixedText(decimals)
  }

  /// Decimals as written; numbers with an exponent count as having many.
  private static func decimals(_ text: Substring) -> Int {
    guard !text.contains(where: { $0 == "e" || $0 == "E" }) else { return 12 }
    return min(text.firstIndex(of: ".").map { text[$0...].dropFirst().count } ?? 0, 12)
  }
}
