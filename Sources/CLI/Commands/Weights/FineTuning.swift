import PenumbraEngine
import PenumbraSupport

extension WeightsError {
  /// Whether the file is of the same network for another number of classes.
  var isOfOtherClasses: Bool {
    switch reason {
    case .tooShort(_, _, _, _, _, _, .classes), .tooLong(_, _, .classes): true
    default: false
    }
  }

  /// The error for somebody who trains from the file: how to use its layers before the heads.
  func forTraining(_ graph: Graph, cfg: String) -> any Error {
    guard isOfOtherClasses, let remedy else { return self }
    let layers = graph.layersBeforeHeads
    let backbone = "\(file.fileName.withoutExtension).conv.\(layers)"
    return InputError(
      "\(file.shownPath): \(problem)",
      help: "\(remedy); to start from the layers before the heads:"
        + " penumbra weights \(cfg) \(file) --upto \(layers) --out \(backbone),"
        + " then train from \(backbone)")
  }
}

extension Graph {
  /// How many layers come before those that depend on the number of classes.
  var layersBeforeHeads: Int {
    heads.compactMap { $0.head.inputs.first?.layer }.min() ?? nodes.count
  }
}
