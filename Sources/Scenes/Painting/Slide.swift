/// What lies in the light's way: how much of each colour every pixel swallows.
///
/// A dye swallows a share of the light, and where two lie over each other the shares multiply: so
/// densities, the negative logarithms of what passes, are summed. A negative one glows.
final class Slide {
  let view: View
  /// Red, green and blue density of each pixel, then how thick the red cells lie there, 0 to 1.
  let pixels: UnsafeMutablePointer<SIMD4<Float>>

  init(_ view: View) {
    self.view = view
    pixels = .allocate(capacity: view.width * view.height)
    pixels.initialize(repeating: SIMD4(), count: view.width * view.height)
  }

  deinit { pixels.deallocate() }

  /// Calls `body` for each pixel of a rectangle around a point, with its place from there, in units.
  ///
  /// - Parameter bounds: left, top, right, bottom, from the point, in units.
  @inline(__always) func paint(
    around centre: SIMD2<Float>, _ bounds: SIMD4<Float>, margin: Float,
    _ body: (_ pixel: inout SIMD4<Float>, _ place: SIMD2<Float>) -> Void
  ) {
    let scale = view.scale
    let left = max(Int(((centre.x + bounds.x - margin) * scale).rounded(.down)), 0)
    let top = max(Int(((centre.y + bounds.y - margin) * scale).rounded(.down)), 0)
    let right = min(Int(((centre.x + bounds.z + margin) * scale).rounded(.up)), view.width)
    let bottom = min(Int(((centre.y + bounds.w + margin) * scale).rounded(.up)), view.height)
    guard left < right, top < bottom else { return }
    let unit = 1 / scale
    for row in top..<bottom {
      let y = (Float(row) + 0.5) * unit - centre.y
      let line = pixels + row * view.width
      for column in left..<right {
        body(&line[column], SIMD2((Float(column) + 0.5) * unit - centre.x, y))
      }
    }
  }
}

extension SIMD4<Float> {
  /// Puts a dye over what is there, hiding a share of it.
  @inline(__always) mutating func cover(_ dye: SIMD3<Float>, _ share: Float) {
    let over = SIMD4(dye, self.w)
    self += (over - self) * share
  }
}
