/// Finds the ranges of the inputs of a network's convolutions by running images through it in fp32.
///
/// Of all values that were seen a histogram is kept, and the range is the one whose 256 steps lose
/// least: the squared error of rounding inside it and of clipping outside it, together.
public struct Calibrator: ~Copyable {
  private var session: Session
  private var histograms: [(layer: Int, source: Int, values: Histogram)]
  private var images = 0

  /// - Parameter options: the backend, threads and memory limit; images go through one by one.
  public init(_ graph: Graph, weights: Weights, options: PlanOptions) throws(PlanError) {
    var options = options
    options.precision = .fp32
    options.keepsAllOutputs = true
    options.batch = 1
    session = try Session(Plan(graph, weights: weights, options: options))
    histograms = graph.nodes.enumerated().compactMap { index, node in
      guard node.layer is Convolutional, let input = node.layer.inputs.first else { return nil }
      return (index, input.layer, Histogram())
    }
  }

  /// Lends the network's input, to be filled before `run`: channels, height, width.
  public mutating func withInput<Result, Failure: Error>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try session.withInput(image: 0, body)
  }

  /// Runs the image that fills the input, and adds what every convolution saw.
  ///
  /// - Throws: where a convolution reads numbers that are not finite: no range holds these.
  public mutating func run() throws(DetectionError) {
    // Steps may write over the input.
    let image = session.withInput { Array($0) }
    session.run()
    images += 1
    for index in histograms.indices {
      let source = histograms[index].source
      let isFinite =
        source < 0
        ? image.withUnsafeBufferPointer { histograms[index].values.add($0) }
        : session.withOutput(layer: source) { histograms[index].values.add($0) }
      guard isFinite else {
        let layer = max(source, 0)
        throw .notFinite(layer: layer, section: session.plan.graph.nodes[layer].name)
      }
    }
  }

  /// What is known after the images so far.
  public var calibration: Calibration {
    Calibration(
      cfg: session.plan.graph.name, parameters: session.plan.graph.parameterCount, images: images,
      inputs: histograms.map { entry in
        let range = entry.values.range
        return Calibration.LayerInput(layer: entry.layer, low: range.low, high: range.high)
      })
  }
}

/// How often values were seen, in bins of equal width around zero that widen when larger ones come.
struct Histogram {
  private static let bins = 2048
  private var width: Float = 1e-6
  private var above = [Int](repeating: 0, count: Self.bins)
  private var below = [Int](repeating: 0, count: Self.bins)

  /// - Returns: false, with nothing added, where a value is not finite.
  mutating func add(_ values: UnsafeBufferPointer<Float>) -> Bool {
    guard values.allSatisfy(\.isFinite) else { return false }
    let largest = values.reduce(Float(0)) { max($0, abs($1)) }
    while largest >= width * Float(Self.bins) { widen() }
    for value in values where value != 0 {
      let bin = min(Int(abs(value) / width), Self.bins - 1)
      if value > 0 { above[bin] += 1 } else { below[bin] += 1 }
    }
    return true
  }

  private mutating func widen() {
    width *= 2
    for side in [\Histogram.above, \Histogram.below] {
      for bin in 0..<Self.bins / 2 {
        self[keyPath: side][bin] = self[keyPath: side][2 * bin] + self[keyPath: side][2 * bin + 1]
      }
      for bin in Self.bins / 2..<Self.bins { self[keyPath: side][bin] = 0 }
    }
  }

  /// The range with the least squared error, zero in it.
  var range: ValueRange {
    let (highs, lows) = (Self.ends(above), Self.ends(below))
    let total = Double(above.reduce(0, +) + below.reduce(0, +))
    var best = (error: Double.infinity, high: 0, low: 0)
    for high in highs {
      for low in lows {
        let step = Double(high + low) / 255
        let error = total * step * step / 12 + Self.clipped(above, high) + Self.clipped(below, low)
        if error < best.error { best = (error, high, low) }
      }
    }
    // Half of the largest number on each side, so that their distance is finite too.
    let limit = Float.greatestFiniteMagnitude / 2
    return ValueRange(
      low: best.low == 0 ? 0 : -min(Float(best.low) * width, limit),
      high: min(Float(best.high) * width, limit))
  }

  /// Numbers of bins that a range may have: all that are not empty, or fewer.
  private static func ends(_ side: [Int]) -> [Int] {
    guard let last = side.lastIndex(where: { $0 > 0 }) else { return [0] }
    return (4...32).map { max(1, (last + 1) * $0 / 32) }
  }

  /// The squared error of what lies beyond `end` bins, in widths of a bin.
  private static func clipped(_ side: [Int], _ end: Int) -> Double {
    var error = 0.0
    for bin in end..<bins where side[bin] > 0 {
      let distance = Double(bin - end) + 0.5
      error += Double(side[bin]) * distance * distance
    }
    return error
  }
}
