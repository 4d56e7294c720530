import PenumbraCfg

/// Mistakes that show only once shapes are known.
extension Problem {
  static func notAnImage(_ section: String, found: String) -> Problem {
    Problem(
      .notAnImage, .error,
      "[\(section)] needs an image (width x height x channels), found a \(found)",
      help: "move it before the section that flattens the maps")
  }

  static func windowTooLarge(_ size: Int, input: Shape, padding: Int) -> Problem {
    Problem(
      .windowTooLarge, .error,
      "a window of \(size)x\(size) does not fit the input of \(input) with padding \(padding)",
      help: "lower 'size', raise the padding, or use a larger [net] width and height")
  }

  static func badReference(_ key: String, reference: Int, layer: Int, own: Int) -> Problem {
    let what =
      layer >= own
      ? layer == own ? "is this layer itself" : "comes after this layer"
      : "does not exist"
    return Problem(
      .badReference, .error,
      "'\(key)' names \(reference), which is layer \(layer) and \(what) (this is layer \(own))",
      help: own == 0
        ? "the first layer has no layer before it to refer to"
        : "use -\(own) to -1 (counting back) or 0 to \(own - 1) (counting from the first layer)")
  }

  static func shapesDiffer(_ what: String, expected: String, found: String, help: String)
    -> Problem
  {
    Problem(.shapesDiffer, .error, "\(what): expected \(expected), found \(found)", help: help)
  }

  static func notDivisible(_ what: String, by divisor: Int, _ key: String, help: String) -> Problem
  {
    Problem(
      .notDivisible, .error, "\(what) cannot be divided by \(key)=\(divisor)", help: help)
  }

  static func tooLarge(_ what: String, count: Int, limit: Int) -> Problem {
    let found = count == .max ? "more than 2^63" : "\(count)"
    return Problem(
      .tooLarge, .error, "\(what) would hold \(found) numbers; the limit is \(limit)",
      help: "check width, height, filters and strides for a slip")
  }

  static func surplusIgnored(_ message: String, severity: Severity = .note) -> Problem {
    Problem(.surplusIgnored, severity, message)
  }

  static func differsFromDarknet(_ message: String) -> Problem {
    Problem(.differsFromDarknet, .note, message)
  }
}
