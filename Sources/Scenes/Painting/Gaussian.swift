/// Blurs planes by a bell curve; edges are repeated beyond the rim.
struct Gaussian {
  /// From the middle outwards; sums to 1 with its mirror image.
  private let weights: [Float]

  /// - Parameter sigma: in pixels.
  init(sigma: Float) {
    let radius = sigma < 0.15 ? 0 : Int((3 * sigma).rounded(.up))
    let bell = (0...radius).map { index in
      exponential(-Float(index * index) / max(2 * sigma * sigma, 1e-6))
    }
    let sum = 2 * bell.reduce(0, +) - 1
    weights = bell.map { $0 / sum }
  }

  func apply(to plane: UnsafeMutablePointer<Float>, width: Int, height: Int) {
    guard weights.count > 1 else { return }
    let line = UnsafeMutablePointer<Float>.allocate(capacity: width * height)
    defer { line.deallocate() }
    for row in 0..<height { blurRow(plane + row * width, line + row * width, width) }
    for row in 0..<height {
      blurColumn(line, plane + row * width, row: row, width: width, height: height)
    }
  }

  private func blurRow(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ width: Int
  ) {
    let radius = weights.count - 1
    for x in 0..<width { target[x] = weights[0] * source[x] }
    for distance in 1...radius {
      let weight = weights[distance]
      let inside = distance..<max(width - distance, distance)
      for x in inside { target[x] += weight * (source[x - distance] + source[x + distance]) }
      for x in 0..<width where !inside.contains(x) {
        target[x] +=
          weight * (source[max(x - distance, 0)] + source[min(x + distance, width - 1)])
      }
    }
  }

  private func blurColumn(
    _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, row: Int, width: Int,
    height: Int
  ) {
    let middle = source + row * width
    for x in 0..<width { target[x] = weights[0] * middle[x] }
    for distance in 1..<weights.count {
      let weight = weights[distance]
      let above = source + max(row - distance, 0) * width
      let below = source + min(row + distance, height - 1) * width
      for x in 0..<width { target[x] += weight * (above[x] + below[x]) }
    }
  }
}
