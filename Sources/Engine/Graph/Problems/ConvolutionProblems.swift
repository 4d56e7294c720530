import PenumbraCfg

/// Mistakes in `[convolutional]` and `[local]`.
extension Problem {
  static let xnor = Problem.unsupportedKey(
    "xnor", because: "binary networks need bit kernels that no published detector uses",
    help: "train the network with floating-point weights and remove 'xnor'")

  static let dilationGarbage = Problem.unsupportedKey(
    "dilation", because: "Darknet reads garbage unless pad=1 and 'size' is odd",
    help: "set pad=1 and an odd size, or dilation=1")

  static let paddedPoint = Problem(
    .differsFromDarknet, .note,
    "Darknet computes garbage for size=1 with padding; here zeros surround the image")

  static let stridedPoint = Problem(
    .differsFromDarknet, .note,
    "Darknet's CPU code computes garbage for size=1 with stride_x=1 and another stride_y; here the"
      + " stride counts")

  static let paddingOverruled = Problem.keyNotRead(
    "padding", because: "pad=1 pads by size / 2")

  static func sharedWithAnother(_ layer: Int, section: String) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "'share_index' names layer \(layer): expected a [convolutional], found [\(section)]",
      help: "name the convolution whose weights are meant")
  }

  static func sharedWeightsDiffer(_ layer: Int, expected: String, found: String) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "the convolution of layer \(layer) shares its weights: expected \(expected), found \(found)",
      help: "give both the same size, filters, groups, input channels and batch_normalize")
  }

  static func severalDeformations(_ keys: [String]) -> Problem {
    .conflictingKeys(
      keys[0], keys[1], "deform the kernels in training, each its own way; Darknet stops here",
      severity: .warning)
  }

  static func deformedPoint(_ key: String) -> Problem {
    Problem(
      .noEffect, .warning, "'\(key)' cannot deform a kernel of size=1; Darknet stops here",
      help: "remove this line, or use size=3")
  }

  static func localPadding(_ size: Int, pad: Int) -> Problem {
    Problem(
      .differsFromDarknet, .warning,
      "the shape of [local] assumes half the kernel as padding, but pad=\(pad) pixels are used with"
        + " size=\(size); the last rows and columns see too little of the image",
      help: "use size=3 with pad=1, or pad=0")
  }
}
