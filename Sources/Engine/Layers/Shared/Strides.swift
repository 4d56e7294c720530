import PenumbraCfg

/// How far a window moves.
struct Strides: Hashable, Sendable {
  let x: Int
  let y: Int

  init(x: Int, y: Int) {
    self.x = x
    self.y = y
  }

  /// `stride`, or `stride_x` and `stride_y` where they are given and at least 1.
  init(_ section: inout SectionReader) {
    let both = section.read(Convolutional.stride)
    let (x, y) = (section.read(Convolutional.strideX), section.read(Convolutional.strideY))
    self.init(
      x: x.flatMap { $0 < 1 ? nil : $0 } ?? both, y: y.flatMap { $0 < 1 ? nil : $0 } ?? both)
  }
}

extension Shape {
  /// Height and width after sliding a window; nil when it does not fit.
  ///
  /// - Parameter padding: both sides together.
  func slid(size: Int, _ strides: Strides, padding: Int) -> (height: Int, width: Int)? {
    guard height + padding >= size, width + padding >= size else { return nil }
    return (
      (height + padding - size) / strides.y + 1, (width + padding - size) / strides.x + 1
    )
  }
}
