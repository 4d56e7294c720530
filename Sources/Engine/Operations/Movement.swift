/// Copies its inputs behind one another. Inputs that are written in place are no longer listed, so
/// each one carries its offset.
struct Concatenate: Operation {
  let name = "concatenate"
  /// Where each input starts in an image of the output.
  var offsets: [Int]

  func run(_ call: borrowing KernelCall) {
    for (i, offset) in offsets.enumerated() {
      let part = call.inputs[i]
      for n in 0..<call.batch {
        (call.output.image(n) + offset).update(from: part.image(n), count: part.shape.count)
      }
    }
  }
}

extension Concatenate: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    for (i, offset) in offsets.enumerated() {
      guard let target = call.gradientToAddTo(i) else { continue }
      for n in 0..<call.batch {
        let (dx, dy) = (target.image(n), call.outputGradient.image(n) + offset)
        for k in 0..<target.shape.count { dx[k] += dy[k] }
      }
    }
  }
}

/// Repeats each element `stride × stride` times, scaled.
struct Repeat: Operation {
  let name = "upsample"
  let stride: Int
  let scale: Float

  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    eachImage(call) { input, output in
      for c in 0..<to.channels {
        for y in 0..<to.height {
          let source = input + (c * from.height + y / stride) * from.width
          let target = output + (c * to.height + y) * to.width
          for x in 0..<to.width { target[x] = scale * source[x / stride] }
        }
      }
    }
  }
}

extension Repeat: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    call.eachImage { _, dx, dy in
      for c in 0..<to.channels {
        for y in 0..<to.height {
          let target = dx + (c * from.height + y / stride) * from.width
          let source = dy + (c * to.height + y) * to.width
          for x in 0..<to.width { target[x / stride] += scale * source[x] }
        }
      }
    }
  }
}

/// The sum of each block of `stride × stride` elements, scaled: `[upsample]` with a negative stride.
struct SumBlocks: Operation {
  let name = "downsample"
  let stride: Int
  let scale: Float

  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    eachImage(call) { input, output in
      for c in 0..<to.channels {
        for y in 0..<to.height {
          for x in 0..<to.width {
            var sum = 0.0
            for v in y * stride..<(y + 1) * stride {
              for u in x * stride..<(x + 1) * stride {
                sum += Double(input[(c * from.height + v) * from.width + u])
              }
            }
            output[(c * to.height + y) * to.width + x] = scale * Float(sum)
          }
        }
      }
    }
  }
}

extension SumBlocks: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    call.eachImage { _, dx, dy in
      for c in 0..<to.channels {
        for y in 0..<to.height * stride {
          let target = dx + (c * from.height + y) * from.width
          let source = dy + (c * to.height + y / stride) * to.width
          for x in 0..<to.width * stride { target[x] += scale * source[x / stride] }
        }
      }
    }
  }
}

/// Moves every element to another place: space to depth and back.
///
/// Source: Darknet `blas.c` (`reorg_cpu`), a walk over `extent` that pairs each index with one in a
/// map `stride` times as wide and high.
struct Rearrange: Operation {
  let name = "reorg"
  /// The dimensions walked over.
  let extent: Shape
  let stride: Int
  /// Whether the walked index is the output's (gather) or the input's (scatter).
  let gathers: Bool

  func run(_ call: borrowing KernelCall) {
    eachImage(call) { input, output in
      eachPair { walked, paired in
        if gathers { output[walked] = input[paired] } else { output[paired] = input[walked] }
      }
    }
  }

  private func eachPair(_ body: (_ walked: Int, _ paired: Int) -> Void) {
    let (width, height) = (extent.width, extent.height)
    let depth = extent.channels / (stride * stride)
    for k in 0..<extent.channels {
      let (channel, offset) = (k % depth, k / depth)
      for j in 0..<height {
        for i in 0..<width {
          let (u, v) = (i * stride + offset % stride, j * stride + offset / stride)
          body(i + width * (j + height * k), u + width * stride * (v + height * stride * channel))
        }
      }
    }
  }
}

extension Rearrange: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    call.eachImage { _, dx, dy in
      eachPair { walked, paired in
        if gathers { dx[paired] += dy[walked] } else { dx[walked] += dy[paired] }
      }
    }
  }
}

/// Cuts a window out of the middle.
struct CropWindow: Operation {
  let name = "crop"
  let top: Int
  let left: Int

  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    eachImage(call) { input, output in
      for c in 0..<to.channels {
        for y in 0..<to.height {
          let source = input + (c * from.height + y + top) * from.width + left
          (output + (c * to.height + y) * to.width).update(from: source, count: to.width)
        }
      }
    }
  }
}

extension CropWindow: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    call.eachImage { _, dx, dy in
      for row in 0..<to.channels * to.height {
        let (c, y) = (row / to.height, row % to.height)
        let target = dx + (c * from.height + y + top) * from.width + left
        for x in 0..<to.width { target[x] += dy[row * to.width + x] }
      }
    }
  }
}

/// Copies a parameter into every image: `[implicit]`.
struct EmitParameter: Operation {
  let name = "constant"
  let parameter: ParameterID

  func run(_ call: borrowing KernelCall) {
    let values = call.weights.pointer(parameter)
    for n in 0..<call.batch {
      call.output.image(n).update(from: values, count: call.output.shape.count)
    }
  }
}

extension EmitParameter: Differentiable {
  var keeps: KeptTensors { [] }
  var parameters: [ParameterID] { [parameter] }

  func backward(_ call: borrowing BackwardCall) {
    let sums = call.parameterGradients.pointer(parameter)
    for n in 0..<call.batch {
      let dy = call.outputGradient.image(n)
      for i in 0..<call.output.shape.count { sums[i] += dy[i] }
    }
  }
}

/// Zeros: what layers that only training uses leave behind.
struct EmitZeros: Operation {
  let name = "zeros"

  func run(_ call: borrowing KernelCall) {
    for n in 0..<call.batch {
      call.output.image(n).update(repeating: 0, count: call.output.shape.count)
    }
  }
}

extension EmitZeros: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {}
}
