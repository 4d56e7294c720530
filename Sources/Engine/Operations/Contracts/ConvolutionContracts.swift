import PenumbraCompute

extension Convolution {
  public func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    check(contract.inputs[0], contract.output, contract)
  }

  /// The same where the step has further inputs, such as a map that is added.
  func check(_ input: Shape, _ output: Shape, _ contract: ShapeContract) {
    let g = geometry
    contract.require(
      input == Shape(g.channels, g.height, g.width),
      "its input is \(input), its geometry reads \(g.width)x\(g.height)x\(g.channels)")
    contract.require(
      output == Shape(g.filters, g.outHeight, g.outWidth),
      "its output is \(output), its geometry writes \(g.outWidth)x\(g.outHeight)x\(g.filters)")
    contract.require(
      g.groups > 0 && g.channels % max(1, g.groups) == 0 && g.filters % max(1, g.groups) == 0,
      "\(g.groups) groups do not divide \(g.channels) channels and \(g.filters) filters")
    contract.require(
      g.size > 0 && g.strideX > 0 && g.strideY > 0 && g.dilation > 0 && g.padding >= 0,
      "its window of \(g.size) by strides of \(g.strideX) and \(g.strideY) is none")
    let reach = (g.size - 1) * g.dilation + 1
    contract.require(
      (g.outHeight - 1) * g.strideY + reach <= g.height + 2 * g.padding
        && (g.outWidth - 1) * g.strideX + reach <= g.width + 2 * g.padding,
      "its last window ends beyond the padded input")
    guard contract.violation == nil else { return }
    checkParameters(contract)
  }

  private func checkParameters(_ contract: ShapeContract) {
    let count = geometry.weightCount
    switch weights {
    case .parameter(let id): contract.require(id, "weights", count: count)
    case .constant(let values):
      contract.require(
        values.count == count, "it has \(values.count) constant weights, expected \(count)")
    }
    epilogue.check(channels: geometry.filters, contract)
  }
}

extension Convolution.Epilogue {
  func check(channels: Int, _ contract: ShapeContract) {
    if let normalization { contract.require(normalization, channels: channels) }
    if let bias { contract.require(bias, "biases", count: channels) }
  }
}

extension ConvolveAndAdd {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(2) else { return }
    convolution.check(contract.inputs[0], contract.output, contract)
    contract.require(
      contract.inputs[1] == contract.output,
      "it adds \(contract.inputs[1]) to its output of \(contract.output)")
  }
}

extension ConvolveThen {
  func check(_ contract: ShapeContract) {
    let between = Shape(first.geometry.filters, first.geometry.outHeight, first.geometry.outWidth)
    let part = contract.part(inputs: contract.inputs, output: between)
    first.check(part)
    contract.adopt(part)
    let rest = contract.part(inputs: [between], output: contract.output)
    second.check(rest)
    contract.adopt(rest)
  }
}

extension MultiplyMatrix {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let (inputs, outputs) = (contract.inputs[0].count, contract.output.count)
    contract.require(weights, "weights", count: saturatingProduct(inputs, outputs))
    epilogue.check(channels: outputs, contract)
  }
}

extension LocalConvolution {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let window = saturatingProduct(contract.inputs[0].channels, size, size)
    contract.require(
      size > 0 && stride > 0 && padding >= 0,
      "its window of \(size) by strides of \(stride) is none")
    contract.require(biases, "biases", count: contract.output.count)
    contract.require(weights, "weights", count: saturatingProduct(window, contract.output.count))
  }
}
