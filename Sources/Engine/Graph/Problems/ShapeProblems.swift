import PenumbraCfg

/// Mistakes that show once shapes are known: what a section cannot do with its input.
extension Problem {
  static func notAnImage(_ section: String, found: Shape) -> Problem {
    Problem(
      .notAnImage, .error,
      "[\(section)] needs an image (width x height x channels), found a \(found)",
      help: "move it before the section that flattens the maps")
  }

  static func windowTooLarge(_ size: Int, input: Shape, padding: String) -> Problem {
    Problem(
      .windowTooLarge, .error,
      "a window of \(size)x\(size) does not fit the input of \(input) with \(padding)",
      help: "lower 'size', raise the padding, or use a larger [net] width and height")
  }

  static func windowSeesNothing(_ size: Int, padding: Int) -> Problem {
    Problem(
      .windowTooLarge, .error,
      "with padding \(padding) some windows of \(size)x\(size) lie outside the image altogether",
      help: "use padding=\(size - 1) or less")
  }

  static func notDivisible(_ what: String, by divisor: Int, _ key: String, help: String) -> Problem
  {
    Problem(
      .notDivisible, .error, "\(what) cannot be divided by \(key)=\(divisor)", help: help)
  }

  static func groups(_ groups: Int, doNotDivide what: String, help: String) -> Problem {
    notDivisible(what, by: groups, "groups", help: help)
  }

  static func tooLarge(_ what: String, count: Int, limit: Int) -> Problem {
    let found = count == .max ? "more than 2^63" : "\(count)"
    return Problem(
      .tooLarge, .error, "\(what) would hold \(found) numbers; the limit is \(limit)",
      help: "check width, height, filters and strides for a slip")
  }

  static func cropTooLarge(_ width: Int, _ height: Int, input: Shape) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "the crop is larger than its input: expected at most \(input.width)x\(input.height), found"
        + " \(width)x\(height)",
      help: "lower crop_width and crop_height, or raise width and height of [net]")
  }

  static let zeroStride = Problem(
    .outOfRange, .error, "'stride' is 0, expected 1 to 64, or -64 to -1 to shrink",
    help: "for example stride=2")

  static func inputNotMultiple(_ side: String, of stride: Int, found: Int) -> Problem {
    let below = found / stride * stride
    return Problem(
      .inputNotMultipleOfStride, .warning,
      "\(side) \(found) is not a multiple of the network's stride \(stride)",
      help: below > 0
        ? "use \(side)=\(below) or \(side)=\(below + stride)" : "use \(side)=\(stride)")
  }

  static func missingInputSize(_ missing: [String]) -> Problem {
    Problem(
      .missingInputSize, .error,
      "[net] gives no input size: missing or 0: \(missing.joined(separator: ", "))",
      help: "write width=416, height=416 and channels=3, or 'inputs' for a flat input")
  }

  static func inputsDiffer(_ inputs: Int, image: Shape) -> Problem {
    .conflictingKeys(
      "inputs", "width",
      "disagree: inputs=\(inputs), but width x height x channels is \(image.count); the image counts",
      help: "remove 'inputs'", severity: .warning)
  }
}
