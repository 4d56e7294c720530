import PenumbraCompute

// What operations require that work element by element, or channel by channel.

extension Normalize {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    contract.require(normalization, channels: contract.output.channels)
  }
}

extension NormalizeBatch {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    contract.require(
      channels == contract.output.channels
        && contract.inputs.allSatisfy { $0.planeCount == contract.output.planeCount },
      "it normalises \(channels) channels of \(contract.output)")
    contract.require(normalization, channels: channels)
  }
}

extension Activate {
  func check(_ contract: ShapeContract) { contract.requireElementwise() }
}

extension ScaleAndShift {
  func check(_ contract: ShapeContract) { contract.requireElementwise() }
}

extension DropElements {
  func check(_ contract: ShapeContract) { contract.requireElementwise() }
}

extension CopyElements {
  func check(_ contract: ShapeContract) { contract.requireElementwise() }
}

extension NormalizeAcrossChannels {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    contract.require(size > 0, "its window has \(size) channels")
  }
}

extension NormalizeExponentials {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    let sum = groups.reduce(0, saturatingSum)
    contract.require(
      groups.allSatisfy { $0 >= 0 } && sum <= contract.output.count,
      "its groups have \(sum) elements, \(contract.output) has \(contract.output.count)")
  }
}

extension LossSoftmax {
  func check(_ contract: ShapeContract) { softmax.check(contract) }
}

extension Multiply {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(2) else { return }
    contract.require(
      contract.inputs.allSatisfy { $0.count == contract.output.count },
      "it multiplies \(contract.inputs[0]) by \(contract.inputs[1]) to \(contract.output)")
  }
}

extension ScaleByChannel {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(2) else { return }
    contract.require(
      contract.inputs[0].count == contract.output.count
        && contract.inputs[1].count == contract.output.channels,
      "it scales \(contract.inputs[0]) by \(contract.inputs[1]) to \(contract.output)")
  }
}

extension ScaleByPixel {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(2) else { return }
    contract.require(
      contract.inputs[0].count == contract.output.count
        && contract.inputs[1].count == contract.output.planeCount,
      "it scales \(contract.inputs[0]) by \(contract.inputs[1]) to \(contract.output)")
  }
}

extension AddMaps {
  func check(_ contract: ShapeContract) {
    contract.require(inputCount > 0, "it adds \(inputCount) maps")
    guard contract.requireInputs(inputCount), inputCount > 0 else { return }
    contract.require(
      contract.inputs[0].count == contract.output.count,
      "it adds to \(contract.inputs[0]), its output is \(contract.output)")
    if let mixing {
      let channels = mixing.isPerChannel ? contract.output.channels : 1
      contract.require(
        mixing.parameter, "mixing weights", count: saturatingProduct(inputCount, channels))
    }
  }
}

extension ActivateHeadPlanes {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    contract.require(
      !planes.isEmpty && contract.output.channels % max(1, planes.count) == 0,
      "\(planes.count) planes an anchor do not divide \(contract.output)")
  }
}

extension ActivateRegion {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    let record = coordinates + 1 + classes
    contract.require(
      coordinates >= 0 && classes >= 0 && contract.output.channels % record == 0,
      "\(record) numbers a box do not divide \(contract.output)")
    contract.require(
      softmaxGroups.allSatisfy { $0 >= 0 } && softmaxGroups.reduce(0, saturatingSum) <= classes,
      "its groups have more than \(classes) classes")
  }
}

extension SoftmaxCells {
  func check(_ contract: ShapeContract) {
    contract.requireElementwise()
    contract.require(
      cells >= 0 && classes >= 0
        && saturatingProduct(cells, classes) <= contract.output.count,
      "\(cells) cells of \(classes) classes are more than \(contract.output)")
  }
}
