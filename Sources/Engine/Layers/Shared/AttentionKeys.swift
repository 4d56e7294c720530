import PenumbraCfg

/// What `[scale_channels]` and `[sam]` share: a map, `from`, and scales from the layer before.
enum AttentionKeys {
  static let from = Key.layers("from", "The map that is scaled; the layer before holds the scales.")
  static let activation = ActivationKey.key(default: "linear")

  static func map(_ section: inout SectionReader, _ upstream: Upstream) throws(CfgError) -> Input {
    let maps = try upstream.resolve(from, example: "-4", &section)
    if maps.count > 1 {
      section.report(.onlyFirstSource, at: from, element: 1)
    }
    return maps[0]
  }

  static func activation(_ section: inout SectionReader) -> ActivationFunction {
    let function = ActivationKey.read(activation, from: &section)
    ActivationKey.noteZeros(
      function, activation, zeros: ActivationKey.zerosInPlainDispatch, &section)
    return function
  }
}
