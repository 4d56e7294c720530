import PenumbraCfg

/// Mistakes in references to other layers, and in what is joined, added or scaled.
extension Problem {
  static func badReference(
    _ key: String, reference: Int, layer: Int, own: Int, severity: Severity = .error
  ) -> Problem {
    let what =
      layer >= own
      ? layer == own ? "is this layer itself" : "comes after this layer"
      : "does not exist"
    return Problem(
      .badReference, severity,
      "'\(key)' names \(reference), which is layer \(layer) and \(what) (this is layer \(own))",
      help: own < 2
        ? own == 0
          ? "the first layer has no layer before it to refer to"
          : "use -1 or 0, which both mean the only layer before this one"
        : "use -\(own) to -1 (counting back) or 0 to \(own - 1) (counting from the first layer)")
  }

  /// - Parameter stride: the network's; an input that it does not divide is the usual reason.
  static func routeSizesDiffer(
    _ layer: Input, from first: Input, stride: InputStride
  ) -> Problem {
    let expected =
      first.shape.isImage ? "a map of \(first.shape.width)x\(first.shape.height)" : "a flat vector"
    return Problem(
      .shapesDiffer, .error,
      "layer \(layer.layer) cannot be joined to layer \(first.layer): expected \(expected), found"
        + " \(layer.shape)",
      help: stride.advice(joining: layer.shape, first.shape)
        ?? "join maps of one size: [upsample] the smaller, or stride the larger, first")
  }

  static func groupOutOfRange(_ group: Int, groups: Int) -> Problem {
    Problem(
      .outOfRange, .error, "'group_id' is \(group), but there are \(groups) groups",
      help: groups == 1 ? "write groups=\(group + 1), or group_id=0" : "use 0 to \(groups - 1)")
  }

  static func shortcutSizesDiffer(
    _ source: Input, target: Shape, stride: InputStride
  ) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "layer \(source.layer) cannot be added to the layer before: expected \(target), or a map a"
        + " whole number of times as large or small, found \(source.shape)",
      help: stride.advice(joining: source.shape, target)
        ?? "use a stride of 1 in between, or 'from' of a layer of the same size")
  }

  static func shortcutSampled(_ source: Input, target: Shape) -> Problem {
    Problem(
      .differsFromDarknet, .note,
      "layer \(source.layer) is \(source.shape), the layer before is \(target): pixels are sampled"
        + " as in the original Darknet; AlexeyAB's stops here")
  }

  static func shortcutChannels(_ source: Input, target: Shape) -> Problem {
    let common = min(source.shape.channels, target.channels)
    return Problem(
      .surplusIgnored, .note,
      "layer \(source.layer) has \(source.shape.channels) channels, the layer before has"
        + " \(target.channels): the first \(common) are added")
  }

  /// - Parameter stated: whether the cfg says none, rather than nothing.
  static func mixingNeedsNormalization(stated: Bool) -> Problem {
    Problem(
      .requiredKey, .error,
      "[shortcut] with 'weights_type' needs 'weights_normalization', found "
        + (stated ? "none" : "nothing") + "; Darknet stops here",
      help: "for example weights_normalization=softmax")
  }

  static func shortcutFactor(_ key: String) -> Problem {
    Problem(
      .differsFromDarknet, .warning,
      "'\(key)' is a factor of the original Darknet's [shortcut] alone; it counts as 1 here",
      help: "write \(key)=1")
  }

  static let onlyFirstSource = Problem(
    .surplusIgnored, .warning, "only the first layer of 'from' is read",
    help: "name one layer")

  static func scalesDiffer(_ scales: Shape, of map: Input, expected: Shape, pixels: Bool) -> Problem
  {
    Problem(
      .shapesDiffer, .error,
      "the layer before must hold one scale a \(pixels ? "pixel" : "channel") of layer"
        + " \(map.layer): expected \(expected), found \(scales)",
      help: pixels
        ? "end the branch with filters=1"
        : "let the branch hold one [avgpool] and end with filters=\(map.shape.channels)")
  }

  static func attentionDiffers(_ map: Input, from previous: Shape) -> Problem {
    Problem(
      .shapesDiffer, .error,
      "[sam] multiplies the layer before by layer \(map.layer): expected \(previous), found"
        + " \(map.shape)",
      help: "end the attention branch with filters=\(map.shape.channels) and the map's size")
  }
}
