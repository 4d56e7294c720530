import PenumbraCfg
import PenumbraSupport

/// How two traces differ.
public struct Comparison: Codable, Hashable, Sendable {
  /// One way in which they differ beyond tolerance.
  public struct Difference: Codable, Hashable, Sendable {
    /// The layer, or nil for the boxes and what concerns the whole.
    public var layer: Int?
    public var section: String?
    public var what: String
  }

  public var layers: Int
  /// The layer with the largest error relative to its tolerance.
  public var worstLayer: Int?
  /// That error in units of the tolerance; 1 is the limit.
  public var worstError: Double
  /// How many values were compared.
  public var comparedValues: Int
  /// In the order of the layers; the first is where to look.
  public var differences: [Difference]

  public var agrees: Bool { differences.isEmpty }
}

/// How far two traces may lie apart. The defaults are those of the golden cases.
public struct Tolerance: Sendable {
  public var absolute: Double
  /// Of the larger of the expected value and the layer's root mean square.
  public var relative: Double
  public var probability: Float
  public var iou: Float

  public init(
    absolute: Double = 1e-4, relative: Double = 1e-3, probability: Float = 0.005, iou: Float = 0.98
  ) {
    self.absolute = absolute
    self.relative = relative
    self.probability = probability
    self.iou = iou
  }

  /// How far a value may lie from what is expected of it.
  public func allowed(_ expected: Double, rms: Double) -> Double {
    absolute + relative * max(abs(expected), rms)
  }

  /// The error in units of what is allowed; infinite where only one side is a number.
  func error(_ got: Double, _ expected: Double, rms: Double) -> Double {
    if got == expected || got.isNaN && expected.isNaN { return 0 }
    let error = abs(got - expected) / allowed(expected, rms: rms)
    return error.isNaN ? .infinity : error
  }
}

extension Comparison {
  /// A comparison of nothing does not agree.
  ///
  /// - Parameters:
  ///   - values: every layer's output of both sides, where both are known, as many as the traces say;
  ///     samples are compared else.
  public init(
    _ got: Trace, against expected: Trace, values: (got: [Float], expected: [Float])? = nil,
    tolerance: Tolerance = Tolerance()
  ) {
    layers = min(got.layers.count, expected.layers.count)
    worstLayer = nil
    worstError = 0
    comparedValues = 0
    differences = []
    guard Self.isValid(got, "the trace", values?.got.count, &differences),
      Self.isValid(expected, "the expected trace", values?.expected.count, &differences)
    else { return }
    compareInputs(got, expected)
    if got.layers.count != expected.layers.count {
      note(nil, "\(got.layers.count) layers against \(expected.layers.count)")
    }
    var offset = 0
    for (mine, theirs) in zip(got.layers, expected.layers) {
      if !Self.isSame(mine.section, theirs.section) {
        note(
          mine, "its section is [\(mine.section.quotable)], expected [\(theirs.section.quotable)]")
      }
      if mine.shape != theirs.shape || mine.outputs != theirs.outputs {
        note(
          mine,
          "its shape is \(mine.shape) (\(mine.outputs)), expected \(theirs.shape) (\(theirs.outputs))"
        )
        break
      }
      if let values {
        let range = offset..<offset + mine.outputs
        compare(
          mine, theirs, tolerance,
          range.map { (Double(values.got[$0]), Double(values.expected[$0]), $0 - offset) })
      } else {
        let pairs = zip(mine.samples, theirs.samples).map { ($0.value, $1.value, $1.index) }
        if mine.samples.map(\.index) != theirs.samples.map(\.index) {
          note(mine, "its samples are of other places")
        } else {
          compare(mine, theirs, tolerance, pairs)
        }
      }
      offset += mine.outputs
      compareStatistics(mine, theirs, tolerance)
      // A golden case of the original Darknet, which does not count, says 0.
      if theirs.bflops > 0, abs(mine.bflops - theirs.bflops) > 1e-6 * abs(theirs.bflops) + 1e-12 {
        note(mine, "it counts \(mine.bflops) BFLOPs, expected \(theirs.bflops)")
      }
    }
    compareBoxes(got.detections, expected.detections, tolerance)
    if comparedValues == 0, differences.isEmpty { note(nil, "there is no value to compare") }
  }

  /// Whether two names are of one kind of section: equal, aliases, or what 'lower' writes for it.
  private static func isSame(_ mine: String, _ theirs: String) -> Bool {
    func kind(_ name: String) -> String {
      let name = ["partial": "route", "maxout": "maxpool"][name] ?? name
      return LayerRegistry.builtin[name]?.spec.names.first ?? name
    }
    return mine == theirs || kind(mine) == kind(theirs)
  }

  /// - Parameter count: of the values that belong to the trace; nil where they are unknown.
  private static func isValid(
    _ trace: Trace, _ name: String, _ count: Int?, _ differences: inout [Difference]
  ) -> Bool {
    let stated = trace.outputCount ?? 0
    let fault =
      trace.fault
      ?? count.flatMap { $0 == stated ? nil : "it states \(stated) outputs, \($0) are given" }
    if let fault { differences.append(Difference(what: "\(name) is not valid: \(fault)")) }
    return fault == nil
  }

  private mutating func compare(
    _ mine: Trace.LayerRecord, _ theirs: Trace.LayerRecord, _ tolerance: Tolerance,
    _ pairs: [(got: Double, expected: Double, index: Int)]
  ) {
    var worst = (error: 0.0, index: 0, got: 0.0, expected: 0.0)
    let rms = theirs.rms.isFinite ? theirs.rms : 0
    for pair in pairs {
      let error = tolerance.error(pair.got, pair.expected, rms: rms)
      if error > worst.error { worst = (error, pair.index, pair.got, pair.expected) }
    }
    comparedValues += pairs.count
    if worst.error > worstError { (worstError, worstLayer) = (worst.error, mine.index) }
    if worst.error > 1 {
      note(
        mine,
        "value \(worst.index) is \(worst.got), expected \(worst.expected) (\(worst.error.rounded())"
          + " times the tolerance)")
    }
  }

  mutating func note(_ layer: Trace.LayerRecord?, _ what: String) {
    differences.append(Difference(layer: layer?.index, section: layer?.section, what: what))
  }
}
