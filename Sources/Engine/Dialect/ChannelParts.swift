/// A range of channels as the fewest parts that `[route] groups` can name.
///
/// Part `index` of `groups` is `total / groups` channels from `index × total / groups` on, and
/// `groups` divides the total; so 48 of 64 channels are the first half and the third quarter.
package enum ChannelParts {
  package struct Part: Hashable {
    package let index: Int
    package let groups: Int
  }

  /// - Returns: the parts in the order of their channels; one for the whole of any part.
  package static func cover(_ range: Range<Int>, of total: Int) -> [Part] {
    let widths = divisors(of: total).reversed()
    // From the end: the width of the first part of the fewest that cover all from here on.
    var fewest = [Int](repeating: .max, count: range.count + 1)
    var chosen = [Int](repeating: 1, count: range.count + 1)
    fewest[range.count] = 0
    for offset in (0..<range.count).reversed() {
      let channel = range.lowerBound + offset
      for width in widths where channel % width == 0 && offset + width <= range.count {
        let count = fewest[offset + width] + 1
        if count < fewest[offset] { (fewest[offset], chosen[offset]) = (count, width) }
      }
    }
    var parts: [Part] = []
    var channel = range.lowerBound
    while channel < range.upperBound {
      let width = chosen[channel - range.lowerBound]
      parts.append(Part(index: channel / width, groups: total / width))
      channel += width
    }
    return parts
  }

  private static func divisors(of number: Int) -> [Int] {
    (1...number).prefix { $0 * $0 <= number }.filter { number % $0 == 0 }
      .flatMap { [$0, number / $0] }.sorted()
  }
}
