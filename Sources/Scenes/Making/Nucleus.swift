/// The nucleus of a white cell: lobes that hang together.
struct Nucleus: Sendable {
  /// Centres and radii, in units from the centre of the cell.
  private(set) var lobes: [SIMD3<Float>] = []
  /// How far lobes melt into each other, in units.
  let melting: Float

  /// - Parameters:
  ///   - kind: of the cell.
  ///   - radius: of the cell, in units.
  init(_ random: inout SceneRandom, _ kind: WhiteCell.Kind, radius: Float) {
    switch kind {
    case .neutrophil where random.chance(0.3):
      melting = 0.08 * radius
      addArc(
        &random, count: 7, sweep: random.uniform(3...4.6), bend: 0.46 * radius,
        size: random.uniform(0.25...0.31) * radius)
    case .neutrophil:
      melting = 0.07 * radius
      let count = random.integer(2...5)
      let size = radius * (count < 4 ? 0.36 : 0.30)
      addArc(
        &random, count: count, sweep: Float(count - 1) * random.uniform(1.15...1.45),
        bend: 0.44 * radius, size: size, jitter: 0.12)
    case .eosinophil:
      melting = 0.06 * radius
      addArc(
        &random, count: random.chance(0.75) ? 2 : 3, sweep: random.uniform(1.7...2.5),
        bend: 0.43 * radius, size: 0.40 * radius, jitter: 0.1)
    case .lymphocyte:
      melting = 0.2 * radius
      let size = radius * random.uniform(0.78...0.93)
      lobes = [SIMD3(random.direction() * (radius - size) * 0.8, size)].map {
        SIMD3($0.x, $0.y, $0.z)
      }
      lobes.append(SIMD3(random.direction() * 0.2 * radius, size * 0.85))
    case .monocyte:
      melting = 0.2 * radius
      addArc(
        &random, count: 5, sweep: random.uniform(1.6...2.8), bend: 0.36 * radius,
        size: random.uniform(0.36...0.42) * radius)
    case .basophil:
      melting = 0.2 * radius
      addArc(
        &random, count: 2, sweep: 1.6, bend: 0.35 * radius, size: 0.45 * radius, jitter: 0.1)
    }
  }

  /// Lobes along an arc around the middle of the cell.
  private mutating func addArc(
    _ random: inout SceneRandom, count: Int, sweep: Float, bend: Float, size: Float,
    jitter: Float = 0.03
  ) {
    let start = random.angle()
    for index in 0..<count {
      let share = count == 1 ? 0.5 : Float(index) / Float(count - 1)
      let angle = start + share * sweep + jitter * random.normal()
      let far = bend * (1 + jitter * random.normal())
      let place = unitVector(angle) * far
      lobes.append(SIMD3(place, size * (1 + (jitter + 0.05) * random.normal())))
    }
  }

  /// How deep a place is inside, in units; negative outside.
  ///
  /// - Source: smooth union of distances by a polynomial.
  @inline(__always) static func depth(
    _ lobes: UnsafeBufferPointer<SIMD3<Float>>, melting: Float, _ place: SIMD2<Float>
  ) -> Float {
    var distance: Float = 1e6
    var last = SIMD2<Float>()
    for (index, lobe) in lobes.enumerated() {
      let centre = SIMD2(lobe.x, lobe.y)
      distance = united(distance, length(place - centre) - lobe.z, melting)
      if index > 0 {
        let bridge = segment(place, last, centre) - 0.32 * lobe.z
        distance = united(distance, bridge, melting)
      }
      last = centre
    }
    return -distance
  }

  @inline(__always) private static func united(_ a: Float, _ b: Float, _ melting: Float) -> Float {
    let t = max(melting - abs(a - b), 0)
    return min(a, b) - t * t / (4 * melting)
  }

  @inline(__always) private static func segment(
    _ p: SIMD2<Float>, _ a: SIMD2<Float>, _ b: SIMD2<Float>
  ) -> Float {
    let (pa, ba) = (p - a, b - a)
    let share = (pa.x * ba.x + pa.y * ba.y) / max(ba.x * ba.x + ba.y * ba.y, 1e-3)
    return length(pa - ba * min(max(share, 0), 1))
  }
}
