/// The extent of one image's tensor, channels first. Batches are the session's business.
public struct Shape: Hashable, Sendable, Codable {
  public let channels: Int
  public let height: Int
  public let width: Int
  /// False for the flat vectors that `[softmax]`, `[cost]` and `[detection]` leave behind: their
  /// elements are counted in `channels`, and sections that slide a window refuse them.
  public let isImage: Bool

  public init(_ channels: Int, _ height: Int, _ width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
    isImage = true
  }

  private init(vector count: Int) {
    channels = count
    height = 1
    width = 1
    isImage = false
  }

  public static func vector(_ count: Int) -> Shape { Shape(vector: count) }

  /// Elements of one image; `Int.max` where the product would overflow.
  public var count: Int { saturatingProduct(channels, height, width) }
  /// Elements of one channel.
  public var planeCount: Int { height * width }

  /// Channels, height, width.
  public var extents: [Int] { [channels, height, width] }

  public func with(channels: Int) -> Shape { Shape(channels, height, width) }
}

extension Shape: CustomStringConvertible {
  /// `width × height × channels`, the order of Darknet's layer table.
  public var description: String {
    isImage ? "\(width)x\(height)x\(channels)" : "vector of \(channels)"
  }
}

/// The sum, or `Int.max` where it would overflow.
package func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? .max : sum
}

/// The product, or `Int.max` where it would overflow; for sizes that strangers write.
package func saturatingProduct(_ factors: Int...) -> Int {
  var product = 1
  for factor in factors {
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    if overflow { return factors.contains(0) ? 0 : .max }
    product = next
  }
  return product
}
