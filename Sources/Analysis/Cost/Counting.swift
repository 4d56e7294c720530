public import PenumbraEngine

/// What each kind of layer counts, convention by convention.
extension Tally {
  /// Counts one layer.
  public init(_ layer: any Layer) {
    self.init()
    let kind = LayerKind(layer)
    let inputs = layer.inputs.reduce(0) { saturatingSum($0, $1.shape.count) }
    let output = layer.output.count

    for parameter in layer.parameters {
      parameters = saturatingSum(parameters, parameter.count)
      if parameter.role == .weights { weights = saturatingSum(weights, parameter.count) }
    }

    multiplyAdds = layer.cost.multiplyAdds
    darknetOperations = layer.cost.operations
    paperOperations = Self.paperOperations(kind, layer)

    if kind.countsForCIO { convolutionalIO = saturatingSum(inputs, output) }
    if kind.hasMatrix {
      memoryAccess = saturatingSum(saturatingSum(inputs, output), kind.matrixCount(layer))
    }

    if !kind.isView {
      bytesRead = saturatingProduct(4, saturatingSum(inputs, parameters))
      bytesWritten = saturatingProduct(4, output)
    }
  }

  /// Source: the published totals, which agree with convolutions and pools alone. That `[avgpool]`
  /// counts nothing shows where there are many: EfficientNet-B0 is printed 0.915, and would be 0.918.
  private static func paperOperations(_ kind: LayerKind, _ layer: any Layer) -> Int {
    kind == .shortcut ? 0 : layer.cost.operations
  }
}

extension LayerKind {
  /// Layers whose output sums products with weights.
  var hasMatrix: Bool { [.convolution, .connected, .local].contains(self) }

  /// Convolutions and pools; routes, shortcuts, upsampling and heads count nothing.
  var countsForCIO: Bool {
    hasMatrix || [.maxPool, .averagePool, .globalPool, .maxout].contains(self)
  }

  /// Weights that the layer's arithmetic reads, those borrowed from another layer too.
  fileprivate func matrixCount(_ layer: any Layer) -> Int {
    if let convolution = layer as? Convolutional { return convolution.weightCount }
    return layer.parameters.first { $0.role == .weights }?.count ?? 0
  }
}
