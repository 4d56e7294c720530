/// How a run is shown on one line.
public enum ProgressText {
  /// Iteration, loss and its parts, rate, speed, time left and the last metric.
  public static func line(
    _ record: IterationRecord, iterations: Int?, validation: ValidationRecord?
  ) -> String {
    var parts = [
      "\(record.iteration)" + (iterations.map { "/\($0)" } ?? ""),
      "loss \(significant(record.loss, 4)) avg \(significant(record.averageLoss, 4))",
    ]
    if record.box != 0 || record.objectness != 0 {
      parts.append(
        "box \(significant(record.box)) obj \(significant(record.objectness))"
          + " cls \(significant(record.classification))"
          + (record.overlap.map { " iou \(fixed($0, 2))" } ?? ""))
    }
    parts.append("rate \(significant(record.rate))")
    parts.append("\(record.width)x\(record.height)")
    parts.append("\(fixed(record.imagesPerSecond, 1)) img/s")
    if let left = record.secondsLeft { parts.append("\(clockText(left)) left") }
    if let validation {
      parts.append(
        "\(validation.decisive) \(fixed(validation.value, 4)) @\(validation.iteration)")
    }
    return parts.joined(separator: "  ")
  }

  /// The metrics of a validation.
  public static func line(_ record: ValidationRecord) -> String {
    let rest = record.metrics.keys.sorted().filter { $0 != record.decisive }
    let metrics = ([record.decisive] + rest).compactMap { name in
      record.metrics[name].map { "\(name) \(fixed($0, 4))" }
    }
    return "validation at \(record.iteration): \(metrics.joined(separator: ", "))"
      + (record.isBest ? ", the best so far" : "")
      + " (\(record.images) images, \(fixed(record.seconds, 1)) s)"
  }

  /// The memory of a run, before it starts.
  public static func memory(_ start: StartRecord) -> String {
    "memory of a training step: \(byteText(start.peakBytes)) at most (\(byteText(start.stepBytes))"
      + " activations, gradients and scratch for"
      + " \(start.batch / max(1, start.subdivisions)) images at once,"
      + " \(byteText(start.parameterBytes)) for \(start.parameters) parameters)"
  }
}
