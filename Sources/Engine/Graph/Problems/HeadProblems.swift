import PenumbraCfg

/// Mistakes in detection heads and class scores.
extension Problem {
  /// - Parameter formula: how the expected count comes about.
  static func headSize(
    _ head: String, line: Int, expected: Int, formula: String, found: Int, isAtFilters: Bool,
    fittingClasses: Int?
  ) -> Problem {
    let place = isAtFilters ? "here" : "in the [convolutional] before it"
    let classes = fittingClasses.map { ", or classes=\($0) in the [\(head)]" }
    return Problem(
      .headSize, .error,
      "[\(head)] in line \(line) needs \(expected) channels = \(formula), found \(found)",
      help: "write filters=\(expected) \(place)"
        + (classes ?? ", or correct 'classes', 'mask' or 'num' of the head"))
  }

  static func gridSize(expected: Int, formula: String, found: Int) -> Problem {
    Problem(
      .headSize, .error, "[detection] needs \(expected) inputs = \(formula), found \(found)",
      help: "write output=\(expected) in the [connected] before it")
  }

  static func coordinates(_ found: Int, stated: Bool) -> Problem {
    Problem(
      .outOfRange, .error,
      "'coords' is \(found)\(stated ? "" : " when absent"), expected 4: x, y, width and height",
      help: "write coords=4")
  }

  static func maskOutOfRange(_ anchor: Int, num: Int) -> Problem {
    Problem(
      .maskOutOfRange, .error, "the mask names anchor \(anchor), but num=\(num)",
      help: num == 1
        ? "use 0, or raise 'num' and add anchors"
        : "use 0 to \(num - 1), or raise 'num' and add anchors")
  }

  static func anchorCount(_ count: Int, num: Int) -> Problem {
    let (needed, fitting) = (2 * num, count % 2 == 0 ? count / 2 : nil)
    return Problem(
      .anchorCount, .warning,
      "num=\(num) anchors need \(needed) numbers, found \(count)"
        + (count < needed ? "; Darknet takes 0.5 for the rest" : "; the rest is ignored"),
      help: fitting.map { $0 > 0 ? "add anchors, or write num=\($0)" : nil }
        ?? "write a width and a height for each anchor")
  }

  static func surplusAnchors(_ count: Int, num: Int) -> Problem {
    Problem(
      .anchorCount, .note,
      "num=\(num) anchors need \(2 * num) numbers, found \(count); the rest is ignored",
      help: "write num=\(count / 2) if all are meant")
  }

  static func classesDiffer(_ classes: Int, from first: Int, layer: Int) -> Problem {
    Problem(
      .classesDiffer, .error,
      "this head has classes=\(classes), the one of layer \(layer) has \(first)",
      help: "give every head of the network the same 'classes'")
  }

  static func counterCount(_ count: Int, classes: Int) -> Problem {
    Problem(
      .shapesDiffer, .warning,
      "'counters_per_class' has \(count) numbers, expected one for each of the \(classes) classes;"
        + " Darknet stops here",
      help: "write \(classes) numbers")
  }

  static func treeSize(classes: Int, found: Int) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "the tree does not fit 'classes': expected \(classes) lines, found \(found)",
      help: "write classes=\(found)")
  }

  static func treeTooLarge(inputs: Int, found: Int) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "the tree has more classes than the layer before gives: expected at most \(inputs), found"
        + " \(found)",
      help: "give the layer before \(found) filters")
  }

  static let spatialSoftmax = Problem(
    .differsFromDarknet, .note,
    "'spatial' works in Darknet's graphics-card build alone; its CPU code and Penumbra ignore it")

  static func notAYoloLayer(_ layer: Int, section: String?) -> Problem {
    Problem(
      .badReference, .warning,
      "'yolo_layer' must name a [yolo] section, found "
        + (section.map { "[\($0)] in layer \(layer)" } ?? "nothing") + "; Darknet stops here",
      help: "write the number of the [yolo] layer, or how far it lies back (-2)")
  }
}
