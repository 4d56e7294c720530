extension Trace {
  /// What is wrong with a trace that came from a file, and where; nil where nothing is.
  ///
  /// Whoever reads a trace relies on what this checks: layers are in order, counts are not negative
  /// and do not overflow, samples lie inside their layer.
  public var fault: String? {
    for (name, value) in [("width", width), ("height", height), ("channels", channels)]
    where value < 1 {
      return "\(name) is \(value), expected 1 or more"
    }
    guard !layers.isEmpty else { return "it has no layers" }
    for (place, layer) in layers.enumerated() {
      if let fault = layer.fault(at: place) { return "layers[\(place)].\(fault)" }
    }
    guard outputCount != nil else { return "the outputs of its layers are more than any memory" }
    return detections?.fault.map { "detections.\($0)" }
  }

  /// How many values all layers put out; nil where that overflows.
  public var outputCount: Int? {
    layers.reduce(Int?.some(0)) { sum, layer in
      guard let sum else { return nil }
      let (total, overflows) = sum.addingReportingOverflow(layer.outputs)
      return overflows || total > Int.max / 8 ? nil : total
    }
  }
}

extension Trace.LayerRecord {
  fileprivate func fault(at place: Int) -> String? {
    guard index == place else { return "index is \(index), expected \(place)" }
    guard outputs >= 0 else { return "outputs is \(outputs), expected 0 or more" }
    guard shape.count == 3, shape.allSatisfy({ $0 >= 0 }) else {
      return "shape is \(shape.prefix(8)), expected three counts"
    }
    let (area, areaOverflows) = shape[0].multipliedReportingOverflow(by: shape[1])
    let (count, overflows) = area.multipliedReportingOverflow(by: shape[2])
    guard !areaOverflows, !overflows, count == 0 || count == outputs else {
      return "shape is \(shape), which is not \(outputs) outputs"
    }
    guard bflops.isFinite, bflops >= 0 else { return "bflops is \(bflops), expected 0 or more" }
    for (number, sample) in samples.enumerated() where !(0..<outputs).contains(sample.index) {
      return "samples[\(number)] is of value \(sample.index), expected 0 to \(outputs - 1)"
    }
    return contradiction
  }

  /// Which of its statistics and samples cannot be of the same values; numbers may be rounded to four
  /// digits. Those that are not finite say nothing.
  private var contradiction: String? {
    guard [min, max].allSatisfy(\.isFinite), outputs > 0 else { return nil }
    guard min <= max else { return "min is \(min), above max, which is \(max)" }
    let largest = Swift.max(abs(min), abs(max))
    let margin = 1e-3 * largest + 1e-6
    let range = min - margin...max + margin
    if rms.isFinite, !(-margin...largest + margin).contains(rms) {
      return "rms is \(rms), expected 0 to \(largest)"
    }
    if mean.isFinite, !range.contains(mean) { return "mean is \(mean), expected \(min) to \(max)" }
    var values: [Int: Double] = [:]
    for (number, sample) in samples.enumerated() where sample.value.isFinite {
      guard range.contains(sample.value) else {
        return "samples[\(number)] is \(sample.value), expected \(min) to \(max)"
      }
      let other = values.updateValue(sample.value, forKey: sample.index) ?? sample.value
      guard abs(other - sample.value) <= margin else {
        return "samples[\(number)] is \(sample.value), and \(other) before"
      }
    }
    return nil
  }

  /// Which sample is not what the values of the layer say; nil where all are.
  package func contradiction(_ values: ArraySlice<Float>) -> String? {
    for (number, sample) in samples.enumerated() {
      let value = Double(values[values.startIndex + sample.index])
      guard value.isFinite || sample.value.isFinite else { continue }
      if !(abs(value - sample.value) <= 1e-3 * abs(value) + 1e-6) {
        return "samples[\(number)] is \(sample.value), outputs.f32 has \(value)"
      }
    }
    return nil
  }
}

extension Trace.Detections {
  fileprivate var fault: String? {
    for (name, value) in [("width", width), ("height", height)] where value < 1 {
      return "\(name) is \(value), expected 1 or more"
    }
    for (name, value) in [("thresh", thresh), ("nms", nms)] where !value.isFinite {
      return "\(name) is \(value), expected a number"
    }
    for (place, found) in detections.enumerated() {
      guard found.class >= 0 else {
        return "detections[\(place)].class is \(found.class), expected 0 or more"
      }
      let numbers = [found.prob, found.x, found.y, found.w, found.h, found.objectness ?? 0]
      guard numbers.allSatisfy(\.isFinite) else {
        return "detections[\(place)] has a number that is not finite"
      }
    }
    return nil
  }
}
