import PenumbraCompute

/// What a detection head does to its planes before boxes are read from them: each anchor's planes
/// get their own activation and affine map.
struct ActivateHeadPlanes: Operation {
  let name = "head"
  /// The rules for one anchor's planes, in order.
  let planes: [Rule]
  let canOverwriteInput = true

  struct Rule: Hashable, Sendable {
    let isLogistic: Bool
    var scale: Float = 1
    var shift: Float = 0

    /// In place, by the kernels of this machine.
    func apply(to plane: UnsafeMutablePointer<Float>, count: Int) {
      if isLogistic { Kernels.current.activate(.logistic, plane, into: plane, count: count) }
      guard scale != 1 || shift != 0 else { return }
      var (scale, shift) = (scale, shift)
      Kernels.current.activate(
        .linear, plane, rowStride: count, into: plane, rowStride: count, scale: &scale,
        bias: &shift, channels: 1, count: count)
    }
  }

  func rule(of channel: Int) -> Rule { planes[channel % planes.count] }

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    eachImage(call) { input, output in
      for c in 0..<shape.channels {
        let rule = planes[c % planes.count]
        var (scale, shift) = (rule.scale, rule.shift)
        let (x, y) = (input + c * shape.planeCount, output + c * shape.planeCount)
        Reference.activate(
          rule.isLogistic ? .logistic : .linear, x, rowStride: shape.planeCount, into: y,
          rowStride: shape.planeCount, channels: 1, count: shape.planeCount)
        guard scale != 1 || shift != 0 else { continue }
        Reference.activate(
          .linear, y, rowStride: shape.planeCount, into: y, rowStride: shape.planeCount,
          scale: &scale, bias: &shift, channels: 1, count: shape.planeCount)
      }
    }
  }
}

extension ActivateHeadPlanes: Differentiable {
  var keeps: KeptTensors { [] }

  /// The loss gives the gradient before the activation.
  func backward(_ call: borrowing BackwardCall) { call.passOn() }
}

/// `[region]`: pixel by pixel instead of plane by plane, objectness logistic, classes by softmax.
///
/// Source: Darknet `region_layer.c` (`forward_region_layer`); the output is height, width, channel.
struct ActivateRegion: Operation {
  let name = "region"
  let coordinates: Int
  let classes: Int
  /// The sizes of the groups that sum to 1 each; empty leaves the classes raw.
  let softmaxGroups: [Int]

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    let (plane, channels) = (shape.planeCount, shape.channels)
    eachImage(call) { input, output in
      for p in 0..<plane {
        for c in 0..<channels { output[p * channels + c] = input[c * plane + p] }
        activate(output + p * channels, channels: channels)
      }
    }
  }

  /// One pixel's boxes.
  func activate(_ boxes: UnsafeMutablePointer<Float>, channels: Int) {
    for start in stride(from: 0, to: channels, by: coordinates + 1 + classes) {
      let box = boxes + start
      box[coordinates] = logistic(box[coordinates])
      var scores = box + coordinates + 1
      for count in softmaxGroups {
        softmax(scores, into: scores, count: count)
        scores += count
      }
    }
  }
}

extension ActivateRegion: Differentiable {
  var keeps: KeptTensors { [] }

  /// The loss gives the gradient before the activation, plane by plane as the input.
  func backward(_ call: borrowing BackwardCall) { call.passOn() }
}

/// `[detection]`: a softmax over the classes of each cell, the rest as it is.
struct SoftmaxCells: Operation {
  let name = "detection"
  let cells: Int
  let classes: Int
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let count = call.output.shape.count
    eachImage(call) { input, output in
      if input != output { output.update(from: input, count: count) }
      for cell in 0..<cells {
        softmax(output + cell * classes, into: output + cell * classes, count: classes)
      }
    }
  }
}

extension SoftmaxCells: Differentiable {
  var keeps: KeptTensors { [] }

  /// The loss gives the gradient before the activation.
  func backward(_ call: borrowing BackwardCall) { call.passOn() }
}
