/// The closed outline of a cell around its centre: an ellipse with dents.
struct Outline: Sendable {
  /// Distances of the outline from the centre by direction; the first again at the end.
  let radii: [Float]
  /// Mean radius, in units.
  let radius: Float
  /// Left, top, right, bottom, from the centre, in units.
  let bounds: SIMD4<Float>

  private static let directions = 256

  /// - Parameters:
  ///   - stretch: the longer axis by the shorter one.
  ///   - dents: how far the outline strays from the ellipse, as a share of the radius.
  ///   - roughness: the same for the finest dents alone.
  init(
    _ random: inout SceneRandom, radius: Float, stretch: Float, dents: Float, roughness: Float = 0
  ) {
    let turn = random.angle()
    var waves: [(count: Float, height: Float, phase: Float)] = []
    for count in 2...5 {
      waves.append((Float(count), dents * random.normal() / Float(count), random.angle()))
    }
    if roughness > 0 {
      for count in [7, 9, 12, 17, 23] {
        waves.append((Float(count), roughness * random.normal() * 0.5, random.angle()))
      }
    }
    let axis = unitVector(turn)
    let (long, short) = (radius * stretch.squareRoot(), radius / stretch.squareRoot())
    self.radius = radius
    radii = (0...Self.directions).map { index in
      let direction = Self.direction(Float(index % Self.directions))
      let along = direction.x * axis.x + direction.y * axis.y
      let across = direction.y * axis.x - direction.x * axis.y
      let ellipse = long * short / length(SIMD2(short * along, long * across))
      let angle = arcTangent(direction.y, direction.x)
      return ellipse * waves.reduce(1) { $0 + $1.height * cosine($1.count * angle + $1.phase) }
    }
    var bounds = SIMD4<Float>()
    for (index, distance) in radii.enumerated() {
      let point = Self.direction(Float(index % Self.directions)) * distance
      bounds = SIMD4(
        min(bounds.x, point.x), min(bounds.y, point.y), max(bounds.z, point.x),
        max(bounds.w, point.y))
    }
    self.bounds = bounds
  }

  /// The unit vector of a place in `radii`, which divides the four quarters evenly but not the
  /// angles in them: that needs no trigonometry on the way back.
  private static func direction(_ index: Float) -> SIMD2<Float> {
    let turn = index * 4 / Float(directions)
    let x = turn < 2 ? 1 - turn : turn - 3
    let y = (turn < 2 ? 1 : -1) * (1 - abs(x))
    return SIMD2(x, y) / length(SIMD2(x, y))
  }

  func contains(_ point: SIMD2<Float>) -> Bool {
    radii.withUnsafeBufferPointer { length(point) <= Self.distance($0.baseAddress!, point) }
  }

  /// How far the outline is from the centre in the direction of a point.
  @inline(__always) static func distance(
    _ radii: UnsafePointer<Float>, _ point: SIMD2<Float>
  ) -> Float {
    let sum = abs(point.x) + abs(point.y)
    guard sum > 0 else { return radii[0] }
    let x = point.x / sum
    let turn = (point.y >= 0 ? 1 - x : 3 + x) * (Float(directions) / 4)
    let index = min(Int(turn), directions - 1)
    let rest = turn - Float(index)
    return radii[index] + (radii[index + 1] - radii[index]) * rest
  }
}
