import PenumbraCompute

// What operations that move, pool and join maps require of them.

extension Concatenate {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(offsets.count) else { return }
    var end = 0
    for (part, offset) in zip(contract.inputs, offsets) {
      contract.require(
        offset >= end && part.planeCount == contract.output.planeCount
          && saturatingSum(offset, part.count) <= contract.output.count,
        "an input of \(part) at element \(offset) does not fit into \(contract.output)")
      end = saturatingSum(offset, part.count)
    }
  }
}

extension Repeat {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let (from, to) = (contract.inputs[0], contract.output)
    contract.require(
      stride > 0 && to.channels == from.channels && to.height == from.height * stride
        && to.width == from.width * stride,
      "\(from) repeated \(stride) times is not \(to)")
  }
}

extension SumBlocks {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let (from, to) = (contract.inputs[0], contract.output)
    contract.require(
      stride > 0 && to.channels == from.channels && to.height * stride <= from.height
        && to.width * stride <= from.width,
      "blocks of \(stride) in \(from) are not \(to)")
  }
}

extension Rearrange {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let counts = [contract.inputs[0].count, contract.output.count]
    contract.require(
      stride > 0 && extent.channels % max(1, stride * stride) == 0
        && counts.allSatisfy { $0 == extent.count },
      "\(extent) in blocks of \(stride) does not pair \(contract.inputs[0]) with \(contract.output)"
    )
  }
}

extension CropWindow {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let (from, to) = (contract.inputs[0], contract.output)
    contract.require(
      top >= 0 && left >= 0 && to.channels == from.channels && top + to.height <= from.height
        && left + to.width <= from.width,
      "\(to) from row \(top) and column \(left) on is not within \(from)")
  }
}

extension EmitParameter {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(0) else { return }
    contract.require(parameter, "constants", count: contract.output.count)
  }
}

extension EmitZeros {
  func check(_ contract: ShapeContract) { _ = contract.requireInputs(0) }
}

extension Pool {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let w = window
    contract.require(
      contract.inputs[0] == Shape(w.channels, w.height, w.width)
        && contract.output == Shape(w.channels, w.outHeight, w.outWidth),
      "\(contract.inputs[0]) to \(contract.output) is not what its windows read and write")
    contract.require(
      w.size > 0 && w.strideX > 0 && w.strideY > 0 && (0..<w.size).contains(w.top)
        && (0..<w.size).contains(w.left) && (w.outHeight - 1) * w.strideY - w.top < w.height
        && (w.outWidth - 1) * w.strideX - w.left < w.width,
      "a window of \(w.size) lies outside \(contract.inputs[0])")
  }
}

extension GlobalAverage {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    contract.require(
      contract.output.count == contract.inputs[0].channels,
      "\(contract.output) is not one number a channel of \(contract.inputs[0])")
  }
}

extension CompeteChannels {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    let (from, to) = (contract.inputs[0], contract.output)
    contract.require(
      to.height == from.height && to.width == from.width && to.channels > 0
        && to.channels <= from.channels,
      "the channels of \(from) do not compete for those of \(to)")
  }
}

extension ChangeLayout {
  func check(_ contract: ShapeContract) {
    guard contract.requireInputs(1) else { return }
    contract.require(
      contract.inputs[0] == contract.output,
      "it copies \(contract.inputs[0]) to \(contract.output)")
  }
}
