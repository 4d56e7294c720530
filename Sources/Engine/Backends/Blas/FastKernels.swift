import PenumbraCompute

/// A connected layer as a matrix product with one column.
struct BlasConnected: Kernel {
  private let matrix: MultiplyMatrix
  private let affine: ChannelAffine
  private let rows: Int
  private let columns: Int
  private let gemm: Gemm

  /// Rows of a tile, chosen by nothing but themselves so that results do not depend on threads.
  private static let tileRows = 64

  init(
    _ matrix: MultiplyMatrix, _ program: Program, _ step: Program.Step, _ weights: Weights
  ) throws(PlanError) {
    self.matrix = matrix
    rows = program[step.output].shape.count
    columns = program[step.inputs[0]].shape.count
    affine = matrix.epilogue.affine(filters: rows, weights)
    gemm = try .loaded()
  }

  func run(_ call: borrowing KernelCall) {
    let weights = call.weights.pointer(matrix.weights)
    let tiles = (rows + Self.tileRows - 1) / Self.tileRows
    for n in 0..<call.batch {
      let (x, y) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(tiles) { tile, _ in
        let first = tile * Self.tileRows
        let count = min(Self.tileRows, rows - first)
        gemm(
          m: count, n: 1, k: columns, weights + first * columns, lda: columns, x, ldb: 1,
          y + first, ldc: 1)
        affine.withPointers(from: first) { scales, biases in
          Kernels.current.activate(
            matrix.activation, y + first, rowStride: 1, into: y + first, rowStride: 1,
            scale: scales, bias: biases, channels: count, count: 1)
        }
      }
    }
  }
}

struct FastPool: Kernel {
  let pool: Pool

  func run(_ call: borrowing KernelCall) {
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(Int(pool.window.channels)) { c, _ in
        switch pool.kind {
        case .largest:
          Kernels.current.maxPool(pool.window, input, into: output, channels: c..<c + 1)
        case .mean:
          Kernels.current.averagePool(pool.window, input, into: output, channels: c..<c + 1)
        }
      }
    }
  }
}

struct FastGlobalAverage: Kernel {
  func run(_ call: borrowing KernelCall) {
    let shape = call.inputs[0].shape
    eachImage(call) { input, output in
      Kernels.current.channelMeans(
        input, into: output, channels: shape.channels, count: shape.planeCount)
    }
  }
}

struct FastCompetition: Kernel {
  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    eachImage(call) { input, output in
      Kernels.current.maxout(
        input, into: output, channels: from.channels, outChannels: to.channels,
        count: to.planeCount)
    }
  }
}

struct FastRepeat: Kernel {
  let upsample: Repeat

  func run(_ call: borrowing KernelCall) {
    let shape = call.inputs[0].shape
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      let plane = call.output.shape.planeCount
      call.parallel(shape.channels) { c, _ in
        Kernels.current.upsample(
          input + c * shape.planeCount, into: output + c * plane, channels: 1,
          height: shape.height, width: shape.width, stride: upsample.stride,
          scale: upsample.scale)
      }
    }
  }
}

/// An elementwise activation by itself; the channel normalisers stay as they are defined.
struct FastActivate: Kernel {
  private let activation: Activation

  init?(_ activate: Activate) {
    guard case .elementwise(let activation) = activate.function else { return nil }
    self.activation = activation
  }

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(shape.channels) { c, _ in
        let offset = c * shape.planeCount
        Kernels.current.activate(
          activation, input + offset, into: output + offset, count: shape.planeCount)
      }
    }
  }
}

/// An unweighted sum of maps of one size; others stay as they are defined.
struct FastAdd: Kernel {
  private let add: AddMaps

  init?(_ add: AddMaps, _ program: Program, _ step: Program.Step) {
    let shape = program[step.output].shape
    let sameSize = step.inputs.allSatisfy {
      program[$0].shape.height == shape.height && program[$0].shape.width == shape.width
    }
    guard add.mixing == nil, sameSize else { return nil }
    self.add = add
  }

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    let plane = shape.planeCount
    for n in 0..<call.batch {
      let (x, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(shape.channels) { c, _ in
        var sum = x + c * plane
        let target = output + c * plane
        for source in 1..<add.inputCount where c < call.inputs[source].shape.channels {
          let map = call.inputs[source].image(n) + c * plane
          Kernels.current.add(sum, map, into: target, count: plane)
          sum = target
        }
        if sum != target || add.activation != .linear {
          Kernels.current.activate(add.activation, sum, into: target, count: plane)
        }
      }
    }
  }
}

struct FastMultiply: Kernel {
  let activation: Activation

  func run(_ call: borrowing KernelCall) {
    let count = call.output.shape.count
    for n in 0..<call.batch {
      let output = call.output.image(n)
      Kernels.current.multiply(
        call.inputs[0].image(n), call.inputs[1].image(n), into: output, count: count)
      if activation != .linear {
        Kernels.current.activate(activation, output, into: output, count: count)
      }
    }
  }
}

struct FastScaleByChannel: Kernel {
  let activation: Activation

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    for n in 0..<call.batch {
      Kernels.current.activate(
        activation, call.inputs[0].image(n), rowStride: shape.planeCount,
        into: call.output.image(n), rowStride: shape.planeCount, scale: call.inputs[1].image(n),
        channels: shape.channels, count: shape.planeCount)
    }
  }
}

struct FastHead: Kernel {
  let head: ActivateHeadPlanes

  func run(_ call: borrowing KernelCall) {
    let plane = call.output.shape.planeCount
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(call.output.shape.channels) { c, _ in
        let (x, y) = (input + c * plane, output + c * plane)
        if x != y { y.update(from: x, count: plane) }
        head.rule(of: c).apply(to: y, count: plane)
      }
    }
  }
}
