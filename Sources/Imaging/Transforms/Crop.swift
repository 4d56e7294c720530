extension Image {
  /// What a classifier sees: the shorter side scaled to `width`, then the center cut out.
  ///
  /// The network's width serves both axes, as in Darknet; where a network is higher than wide the
  /// cut exceeds the scaled picture and repeats its edge. Only the cut is ever computed, so a
  /// picture of extreme proportions costs no more than another.
  /// - Source: Darknet `classifier.c` (predict) and `image.c`, `resize_min`, `crop_image`.
  public func centerCropped(width newWidth: Int, height newHeight: Int) -> Image {
    precondition(newWidth > 0 && newHeight > 0, "an image has at least one pixel")
    let side = newWidth
    let scaled =
      width < height
      ? (width: side, height: height * side / width) : (width: width * side / height, height: side)
    return resampled(
      columns: centered(newWidth, in: scaled.width).map {
        Tap(column: $0, of: scaled.width, from: width)
      },
      rows: centered(newHeight, in: scaled.height).map {
        Tap(row: $0, of: scaled.height, from: height)
      })
  }
}

/// The positions of a centered cut, those outside moved to the nearest edge.
private func centered(_ count: Int, in whole: Int) -> [Int] {
  let start = (whole - count) / 2
  return (0..<count).map { min(max(start + $0, 0), whole - 1) }
}
