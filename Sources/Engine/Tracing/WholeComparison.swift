import PenumbraSupport

// What two traces say in addition to their values.
extension Comparison {
  /// Whether both networks saw inputs of one size, and have as many numbers.
  mutating func compareInputs(_ got: Trace, _ expected: Trace) {
    let (mine, theirs) = (got.inputText, expected.inputText)
    if mine != theirs { note(nil, "the input is \(mine), expected \(theirs)") }
    if let mine = got.weightsFloats, let theirs = expected.weightsFloats, mine != theirs {
      note(nil, "there are \(mine) weights, expected \(theirs)")
    }
    switch (got.outputsChecksum, expected.outputsChecksum) {
    case (nil, _?): note(nil, "there is no outputs_checksum, one was expected")
    case (_?, nil): note(nil, "there is an outputs_checksum, none was expected")
    default: break
    }
  }

  /// Statistics of values that agree lie no farther apart than this; a file may round them.
  mutating func compareStatistics(
    _ mine: Trace.LayerRecord, _ theirs: Trace.LayerRecord, _ tolerance: Tolerance
  ) {
    let rms = theirs.rms.isFinite ? theirs.rms : 0
    let largest = [theirs.min, theirs.max].filter(\.isFinite).map(abs).max() ?? 0
    for (name, got, expected, scale) in [
      ("mean", mine.mean, theirs.mean, rms), ("rms", mine.rms, theirs.rms, rms),
      ("min", mine.min, theirs.min, largest), ("max", mine.max, theirs.max, largest),
    ] {
      let isSame = got == expected || got.isNaN && expected.isNaN
      let allowed = 2 * tolerance.allowed(0, rms: max(rms, scale)) + 1e-3 * scale
      if !isSame, !(abs(got - expected) <= allowed) {
        note(mine, "its \(name) is \(got), expected \(expected)")
      }
    }
  }

  mutating func compareBoxes(
    _ got: Trace.Detections?, _ expected: Trace.Detections?, _ tolerance: Tolerance
  ) {
    switch (got, expected) {
    case (nil, nil): break
    case (nil, let expected?):
      note(nil, "there are no boxes, expected \(expected.detections.count)")
    case (let got?, nil): note(nil, "there are \(got.detections.count) boxes, expected none")
    case (let got?, let expected?):
      compareSettings(got, expected)
      compareBoxes(got.detections, expected.detections, threshold: expected.thresh, tolerance)
    }
  }

  /// Boxes that were looked for in another way are not the same boxes.
  private mutating func compareSettings(_ got: Trace.Detections, _ expected: Trace.Detections) {
    for (name, mine, theirs) in [
      ("width", Float(got.width), Float(expected.width)),
      ("height", Float(got.height), Float(expected.height)),
      ("thresh", got.thresh, expected.thresh), ("nms", got.nms, expected.nms),
      ("letterbox", Float(got.letterbox), Float(expected.letterbox)),
    ] where mine != theirs {
      note(nil, "the \(name) of the boxes is \(mine), expected \(theirs)")
    }
  }

  private mutating func compareBoxes(
    _ got: [Trace.Found], _ expected: [Trace.Found], threshold: Float, _ tolerance: Tolerance
  ) {
    var boxes = BoxMatcher(got, tolerance)
    for wanted in expected {
      if let box = boxes.take(wanted) {
        compareObjectness(box, wanted, tolerance)
      } else if abs(wanted.prob - threshold) > tolerance.probability {
        // Boxes at the threshold may fall on either side of it.
        note(nil, "no box agrees with \(wanted.text)")
      }
    }
    for box in boxes.rest where abs(box.prob - threshold) > tolerance.probability {
      note(nil, "nobody expected \(box.text)")
    }
  }

  private mutating func compareObjectness(
    _ got: Trace.Found, _ expected: Trace.Found, _ tolerance: Tolerance
  ) {
    switch (got.objectness, expected.objectness) {
    case (nil, nil): break
    case (let mine?, let theirs?) where abs(mine - theirs) <= tolerance.probability: break
    case (let mine, let theirs):
      let (mine, theirs) = (mine.map { "\($0)" } ?? "missing", theirs.map { "\($0)" } ?? "none")
      note(nil, "the objectness is \(mine), expected \(theirs), of \(expected.text)")
    }
  }
}

extension Trace {
  fileprivate var inputText: String { "\(width)x\(height)x\(channels)" }
}

extension Trace.Found {
  fileprivate var text: String {
    "class \(self.class), probability \(prob), at \(x), \(y), size \(w), \(h)"
  }
}
