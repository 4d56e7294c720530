/// The part of a smear that a picture shows.
///
/// Lengths of a smear are in units: a pixel of a 640x480 picture. A red cell has about 95 of them.
struct View: Hashable, Sendable {
  /// In pixels.
  let width: Int
  let height: Int
  /// Pixels of a unit.
  let scale: Float

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    scale = min(Float(width) / 640, Float(height) / 480)
  }

  /// In units.
  var size: SIMD2<Float> { SIMD2(Float(width), Float(height)) / scale }

  func contains(_ point: SIMD2<Float>) -> Bool {
    point.x >= 0 && point.y >= 0 && point.x < size.x && point.y < size.y
  }
}
