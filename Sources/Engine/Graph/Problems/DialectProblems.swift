import PenumbraCfg

/// Mistakes in `[partial]`, `[maxout]` and `[reorg3d]`.
extension Problem {
  static func roundedRatio(_ ratio: Float, of total: Int, exact: Double, taken: Int) -> Problem {
    let share = (exact * 1000).rounded() / 1000
    return Problem(
      .roundedShare, .note,
      "ratio=\(ratio) of \(total) channels is \(share); the nearest, \(taken), is taken",
      help: "write channels=\(taken) to say so")
  }

  static let missingShare = Problem(
    .requiredKey, .error, "[partial] lacks 'ratio' or 'channels'", help: "for example ratio=0.5")

  static func emptyShare(_ share: Int, of total: Int) -> Problem {
    Problem(
      .outOfRange, .error,
      "the share round the block is \(share) of \(total) channels, expected "
        + (total > 1 ? "1 to \(total - 1)" : "a layer of at least 2 channels")
        + ", so that both shares hold some",
      help: total > 1
        ? "use ratio=0.5, or channels=\(total / 2)" : "give the layer that is split more filters")
  }

  static func incompleteSet(_ channels: Int, pieces: Int, output: Int) -> Problem {
    Problem(
      .roundedShare, .note,
      "\(channels) channels in sets of \(pieces) leave an incomplete set; the output has"
        + " \(output) channels",
      help: "write out_channels=\(output) to say so")
  }

  static func maxoutTooWide(_ channels: Int, input: Int, key: String) -> Problem {
    Problem(
      .outOfRange, .error,
      "maxout to \(channels) channels, expected at most the input's \(input)",
      help: "lower '\(key)'; the surplus would have no competitors")
  }

  static func tooManyPieces(_ pieces: Int, input: Int) -> Problem {
    Problem(
      .outOfRange, .error, "'pieces' is \(pieces), but the input has \(input) channels",
      help: "use 1 to \(input)")
  }

  /// Why no `[route]` can stand for a `[partial]`.
  static func splitAfterBlur(layer: Int) -> Problem {
    Problem(
      .differsFromDarknet, .error,
      "this [partial] splits layer \(layer), whose antialiasing Darknet's [route] does not see: it"
        + " takes the size before the blur, so no [route] can stand for this section",
      help: "split a 1x1 [convolutional] behind it, or leave antialiasing out of layer \(layer)")
  }

  static let reverseReorg3D = Problem(
    .differsFromDarknet, .note,
    "Darknet's reverse [reorg3d] is not the inverse of its forward one; here it is")

  static func splitTooLarge(_ channels: Int, limit: Int) -> Problem {
    Problem(
      .tooLarge, .error,
      "the [partial] sections up to here take \(channels) channels, expected at most \(limit)",
      help: "give the layers that are split fewer channels")
  }
}
