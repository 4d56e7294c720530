/// Smooth random values over the plane, 0 to 1: random at the points of a grid, mixed between them.
struct Noise: Sendable {
  private let seed: UInt32
  /// A step along the grid, which is turned so that no eye finds it: in grid points a unit.
  private let axis: SIMD2<Float>

  /// - Parameter grain: distance of the grid points, in units.
  init(_ random: inout SceneRandom, grain: Float) {
    seed = UInt32(truncatingIfNeeded: random.next())
    axis = random.direction() / grain
  }

  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float {
    let (px, py) = (x * axis.x - y * axis.y, x * axis.y + y * axis.x)
    let (fx, fy) = (px.rounded(.down), py.rounded(.down))
    let (cx, cy) = (Int32(fx), Int32(fy))
    let (tx, ty) = (eased(px - fx), eased(py - fy))
    let (a, b) = (corner(cx, cy), corner(cx &+ 1, cy))
    let (c, d) = (corner(cx, cy &+ 1), corner(cx &+ 1, cy &+ 1))
    let (top, bottom) = (a + (b - a) * tx, c + (d - c) * tx)
    return top + (bottom - top) * ty
  }

  @inline(__always) private func corner(_ x: Int32, _ y: Int32) -> Float {
    var h = UInt32(bitPattern: x) &* 0x8DA6_B343 ^ UInt32(bitPattern: y) &* 0xD816_3841 ^ seed
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    h = (h ^ (h >> 12)) &* 0x297A_2D39
    return Float(h >> 8) * 0x1p-24
  }
}

/// 0 to 1 with level ends.
@inline(__always) func eased(_ t: Float) -> Float { t * t * (3 - 2 * t) }

/// 0 below `low`, 1 above `high`, eased between.
@inline(__always) func step(_ low: Float, _ high: Float, _ value: Float) -> Float {
  eased(min(max((value - low) / (high - low), 0), 1))
}
