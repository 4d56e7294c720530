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
    let (width, height) = (extent.width, extent.height)
    let depth = extent.channels / (stride * stride)
    eachImage(call) { input, output in
      for k in 0..<extent.channels {
        let (channel, offset) = (k % depth, k / depth)
        for j in 0..<height {
          for i in 0..<width {
            let walked = i + width * (j + height * k)
            let (u, v) = (i * stride + offset % stride, j * stride + offset / stride)
            let paired = u + width * stride * (v + height * stride * channel)
            if gathers { output[walked] = input[paired] } else { output[paired] = input[walked] }
          }
        }
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

/// Zeros: what layers that only training uses leave behind.
struct EmitZeros: Operation {
  let name = "zeros"

  func run(_ call: borrowing KernelCall) {
    for n in 0..<call.batch {
      call.output.image(n).update(repeating: 0, count: call.output.shape.count)
    }
  }
}
