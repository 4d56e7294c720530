import PenumbraCompute

/// The gradient of a convolution's input.
///
/// With stride 1 it is a convolution of the output gradient with the turned weights, by the kernels
/// for inference; otherwise products are folded.
struct ConvolutionInputGradient: Sendable {
  private let inputShape: Shape
  /// Whether the input is planar, as an image of few channels.
  private let isPlanar: Bool
  private var kernel: (any Kernel)?
  /// The same, adding to what stands in its output.
  private var adding: (any Kernel)?
  private var folded: FoldedGradient?
  private let scratch: (thread: Int, shared: Int)
  /// Bytes of the turned or folded weights.
  let packedBytes: Int

  init(_ convolution: Convolution, input: Shape, isPlanar: Bool) throws(PlanError) {
    (inputShape, self.isPlanar) = (input, isPlanar)
    if let opposite = convolution.geometry.opposite {
      let kernel = try Convolution(
        geometry: opposite, weights: convolution.weights, epilogue: Convolution.Epilogue(),
        method: convolution.inputGradientMethod
      ).trainingKernel(isPlanar: false, nil)
      packedBytes = kernel.packedBytes
      // What a kernel makes that cannot add, or of planes.
      let images = isPlanar ? 2 : Self.canAdd(kernel) ? 0 : 1
      scratch = (
        kernel.threadScratchBytes,
        kernel.sharedScratchBytes.rounded(upTo: 64) + images * Self.imageBytes(input)
      )
    } else {
      let folded = try FoldedGradient(convolution.geometry)
      self.folded = folded
      packedBytes = folded.packedBytes
      scratch = (folded.threadScratchBytes, isPlanar ? 2 * Self.imageBytes(input) : 0)
    }
  }

  private static func imageBytes(_ shape: Shape) -> Int { 4 * Layout.blocked.count(shape) }
  private static func canAdd(_ kernel: any Kernel) -> Bool { !(kernel is GroupedConvolution) }

  var threadScratchBytes: Int { scratch.thread }
  var sharedScratchBytes: Int { scratch.shared }

  mutating func pack(_ convolution: Convolution, _ weights: Weights) throws(PlanError) {
    (kernel, adding) = (nil, nil)
    guard let turned = convolution.turned(weights) else {
      try folded?.pack(convolution, weights)
      return
    }
    let made = try turned.trainingKernel(isPlanar: false, weights)
    kernel = made
    switch made {
    case var direct as DirectConvolution:
      direct.epilogue.second = Activation.linear
      adding = direct
    case var winograd as WinogradConvolution:
      winograd.epilogue.second = Activation.linear
      adding = winograd
    default: break
    }
  }

  func run(_ call: borrowing BackwardCall) {
    let target = call.inputGradients[0]
    guard let dx = target.tensor else { return }
    let dy = call.outputGradient
    guard isPlanar || target.accumulates && folded == nil && adding == nil else {
      return run(call, dy, target, batch: call.batch)
    }
    let bytes = Self.imageBytes(inputShape)
    let own = call.sharedScratch + scratch.shared - (isPlanar ? 2 : 1) * bytes
    let image = Tensor(
      base: own.assumingMemoryBound(to: Float.self), imageStride: bytes / 4, shape: inputShape,
      layout: .blocked)
    for n in 0..<call.batch {
      run(call, dy.ofImage(n), InputGradient(tensor: image, accumulates: false), batch: 1)
      var (values, count) = (image.base, bytes / 4)
      if isPlanar {
        values += count
        count = inputShape.count
        for block in 0..<inputShape.blocks {
          inputShape.unpackBlock(
            block, image.block(0, block), into: values + block * inputShape.blockCount)
        }
      }
      let to = dx.image(n)
      if target.accumulates {
        Kernels.current.add(to, values, into: to, count: count)
      } else {
        to.update(from: values, count: count)
      }
    }
  }

  private func run(
    _ call: borrowing BackwardCall, _ dy: Tensor, _ target: InputGradient, batch: Int
  ) {
    guard let dx = target.tensor else { return }
    if let folded { return folded.run(call, dy, into: target, batch: batch) }
    withUnsafeTemporaryAllocation(of: Tensor.self, capacity: 2) { inputs in
      _ = inputs.initialize(fromContentsOf: [dy, dx])
      defer { inputs.deinitialize() }
      guard let kernel = target.accumulates ? adding : kernel else { return }
      call.withKernelCall(UnsafePointer(inputs.baseAddress!), dx, batch: batch) { kernel.run($0) }
    }
  }
}
