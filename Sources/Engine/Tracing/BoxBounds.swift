/// Between which numbers boxes lie: probability, centre and size.
struct BoxBounds {
  private let low: SIMD8<Float>
  private let high: SIMD8<Float>

  /// - Parameter boxes: at least one.
  init(_ boxes: some Sequence<Trace.Found>) {
    var low = SIMD8<Float>(repeating: .infinity)
    var high = SIMD8<Float>(repeating: -.infinity)
    for box in boxes {
      let numbers = Self.numbers(box)
      low.replace(with: numbers, where: numbers .< low)
      high.replace(with: numbers, where: numbers .> high)
    }
    (self.low, self.high) = (low, high)
  }

  static func numbers(_ box: Trace.Found) -> SIMD8<Float> {
    [box.prob, box.x, box.y, box.w, box.h, 0, 0, 0]
  }

  /// Which of the numbers differ most.
  var longestSide: Int {
    (0..<5).max { high[$0] - low[$0] < high[$1] - low[$1] } ?? 0
  }

  /// Whether the boxes differ in probability at most.
  var isOnePlace: Bool { (1..<5).allSatisfy { low[$0] == high[$0] } }

  /// Whether a box may have this probability, within tolerance.
  func mayHold(_ probability: Float, _ tolerance: Tolerance) -> Bool {
    low[0] - probability <= tolerance.probability && probability - high[0] <= tolerance.probability
  }

  /// Whether every box has this probability, within tolerance.
  func holdsOnly(_ probability: Float, _ tolerance: Tolerance) -> Bool {
    [low[0], high[0]].allSatisfy { abs($0 - probability) <= tolerance.probability }
  }

  /// No box overlaps this one more, however its IoU is rounded.
  func mostOverlap(_ box: Box) -> Double {
    let (width, height) = (Double(box.width), Double(box.height))
    guard width > 0, height > 0 else { return 0 }
    guard width * height > 1e-30 else { return 2 }
    // An interval's share of the union is no less than that of the boxes.
    let share = min(
      mostShare(Double(box.x), width, center: 1, size: 3),
      mostShare(Double(box.y), height, center: 2, size: 4))
    let rounding = 4 + abs(Double(box.x)) / width + abs(Double(box.y)) / height
    return share + 2e-6 * rounding
  }

  private func mostShare(_ place: Double, _ length: Double, center: Int, size: Int) -> Double {
    let (nearest, farthest) = (Double(low[center]), Double(high[center]))
    let (least, most) = (Double(low[size]), Double(high[size]))
    let distance = max(0, nearest - place, place - farthest)
    let half = (length + most) / 2
    let ratio = most < length ? most / length : least > length ? length / least : 1
    return max(0, min(ratio, (half - distance) / (half + distance)))
  }

  /// Whether a box may be as near as `Trace.Found.isNear` asks.
  func mayBeNear(_ box: Trace.Found, _ tolerance: Tolerance) -> Bool {
    let wanted = Self.numbers(box)
    return (1..<5).allSatisfy { side in
      let nearest = min(max(wanted[side], low[side]), high[side])
      let allowed = Trace.Found.allowedDistance(nearest, wanted[side], tolerance)
      return abs(nearest - wanted[side]) <= allowed * 1.001
    }
  }
}
