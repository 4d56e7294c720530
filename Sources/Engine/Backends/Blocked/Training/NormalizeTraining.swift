import PenumbraCompute

/// Batch normalisation and an activation of blocked tensors: `y = activation(z)`,
/// `z = scale · (x - mean) / √(variance + ε) + bias`, with the mini-batch's own statistics.
///
/// Both directions make sums over all pixels of all images first. Where there are few blocks of
/// channels, the pixels are cut into parts, by the shapes alone, whose sums are added in order.
struct NormalizeTraining: TrainingKernel {
  let keeps: KeptTensors = .inputs
  private let kernels = Kernels.current
  private let operation: NormalizeBatch
  private let shape: Shape
  private let parts: Int

  private static let wantedTasks = 16

  init(_ operation: NormalizeBatch, _ shape: Shape) {
    (self.operation, self.shape) = (operation, shape)
    parts = (Self.wantedTasks + shape.blocks - 1) / shape.blocks
  }

  private var normalization: Normalization { operation.normalization }
  private var activation: Activation { operation.activation }
  private var width: Int { shape.blocks * channelBlock }
  /// Means, then 1 / √(variance + ε), in whole blocks.
  func savedFloats(batch: Int) -> Int { 2 * width }
  /// Two sums a lane and part, then two factors a lane.
  var sharedScratchBytes: Int { channelBlock * (16 * parts + 8) * shape.blocks }

  // MARK: Parts

  /// Calls `body` with each stretch of a part: where it starts in a block of an image, and pixels.
  private func eachStretch(
    _ part: Int, _ batch: Int, _ body: (_ image: Int, _ first: Int, _ count: Int) -> Void
  ) {
    let plane = shape.planeCount
    let end = (part + 1) * batch * plane / parts
    var pixel = part * batch * plane / parts
    while pixel < end {
      let count = min(end - pixel, plane - pixel % plane)
      body(pixel / plane, pixel % plane, count)
      pixel += count
    }
  }

  private func combined(
    _ sums: UnsafeMutablePointer<Double>, _ block: Int
  ) -> (SIMD8<Double>, SIMD8<Double>) {
    var (first, second) = (SIMD8<Double>(), SIMD8<Double>())
    for part in 0..<parts {
      let own = sums + (part * shape.blocks + block) * 2 * channelBlock
      for lane in 0..<channelBlock {
        first[lane] += own[lane]
        second[lane] += own[channelBlock + lane]
      }
    }
    return (first, second)
  }

  // MARK: Forwards

  func forward(_ call: borrowing ForwardCall) {
    let (x, y, batch, saved) = (call.inputs[0], call.output, call.batch, call.saved)
    let sums = call.sharedScratch.assumingMemoryBound(to: Double.self)
    call.parallel(parts * shape.blocks) { index, _ in
      let (part, block) = (index / shape.blocks, index % shape.blocks)
      let own = sums + index * 2 * channelBlock
      own.update(repeating: 0, count: 2 * channelBlock)
      eachStretch(part, batch) { image, first, count in
        kernels.momentsBlocked(
          x.image(image) + block * shape.blockCount + first * channelBlock,
          shift: x.image(0) + block * shape.blockCount, to: own, plane: count)
      }
    }
    let parameters = call.parameters
    let count = Double(batch * shape.planeCount)
    for block in 0..<shape.blocks {
      let (first, second) = combined(sums, block)
      let shift = x.image(0) + block * shape.blockCount
      for lane in 0..<channelBlock {
        let channel = block * channelBlock + lane
        guard channel < shape.channels else {
          (saved[channel], saved[width + channel]) = (0, 0)
          continue
        }
        let offset = first[lane] / count
        let mean = Double(shift[lane]) + offset
        let variance = max(0, second[lane] / count - offset * offset)
        saved[channel] = Float(mean)
        saved[width + channel] = Float(1 / (variance + Normalization.epsilon).squareRoot())
        operation.gather(
          parameters, channel, mean: mean, variance: variance * count / max(count - 1, 1))
      }
    }
    let weights = call.weights
    call.parallel(batch * shape.blocks) { index, _ in
      let (n, block) = (index / shape.blocks, index % shape.blocks)
      withBlock(block, weights, saved) { values in
        kernels.normalizeBlocked(
          activation, x.image(n) + block * shape.blockCount, values,
          into: y.image(n) + block * shape.blockCount, plane: shape.planeCount)
      }
    }
  }

  /// The kernels' factors of a block: zeros for lanes behind the last channel.
  private func withBlock(
    _ block: Int, _ weights: Weights, _ saved: UnsafeMutablePointer<Float>,
    _ body: (BlockNormalization) -> Void
  ) {
    let (scales, biases) = (
      weights.pointer(normalization.scales), weights.pointer(normalization.biases)
    )
    let first = block * channelBlock
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * channelBlock) { values in
      values.initialize(repeating: 0)
      for lane in 0..<min(channelBlock, shape.channels - first) {
        values[lane] = scales[first + lane] * saved[width + first + lane]
        values[channelBlock + lane] = biases[first + lane]
      }
      let base = UnsafePointer(values.baseAddress!)
      body(
        BlockNormalization(mean: saved + first, factor: base, bias: base + channelBlock))
    }
  }

  // MARK: Backwards

  func backward(_ call: borrowing BackwardCall) {
    let (x, dy, batch, saved) = (call.inputs[0], call.outputGradient, call.batch, call.saved)
    let weights = call.weights
    let sums = call.sharedScratch.assumingMemoryBound(to: Double.self)
    call.parallel(parts * shape.blocks) { index, _ in
      let (part, block) = (index / shape.blocks, index % shape.blocks)
      let own = sums + index * 2 * channelBlock
      own.update(repeating: 0, count: 2 * channelBlock)
      withBlock(block, weights, saved) { values in
        eachStretch(part, batch) { image, first, count in
          let start = block * shape.blockCount + first * channelBlock
          kernels.normalizeSums(
            activation, x.image(image) + start, dy.image(image) + start, values, to: own,
            plane: count)
        }
      }
    }
    let constants = UnsafeMutableRawPointer(sums + parts * shape.blocks * 2 * channelBlock)
      .assumingMemoryBound(to: Float.self)
    let (scales, count) = (
      weights.pointer(normalization.scales), Double(batch * shape.planeCount)
    )
    let (scaleGradients, biasGradients) = (
      call.parameterGradients.pointer(normalization.scales),
      call.parameterGradients.pointer(normalization.biases)
    )
    for block in 0..<shape.blocks {
      let (first, second) = combined(sums, block)
      for lane in 0..<channelBlock {
        let channel = block * channelBlock + lane
        guard channel < shape.channels else {
          (constants[channel], constants[width + channel]) = (0, 0)
          continue
        }
        let inverse = Double(saved[width + channel])
        biasGradients[channel] += Float(first[lane])
        scaleGradients[channel] += Float(second[lane] * inverse)
        let factor = Double(scales[channel]) * inverse
        constants[channel] = Float(-factor * first[lane] / count)
        constants[width + channel] = Float(-factor * inverse * inverse * second[lane] / count)
      }
    }
    let target = call.inputGradients[0]
    guard let dx = target.tensor else { return }
    call.parallel(batch * shape.blocks) { index, _ in
      let (n, block) = (index / shape.blocks, index % shape.blocks)
      let start = block * shape.blockCount
      withBlock(block, weights, saved) { values in
        kernels.normalizeGradient(
          activation, x.image(n) + start, dy.image(n) + start, values,
          constant: constants + block * channelBlock,
          along: constants + width + block * channelBlock, into: dx.image(n) + start,
          plane: shape.planeCount, adds: target.accumulates)
      }
    }
  }
}
