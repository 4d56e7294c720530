import PenumbraCompute
public import PenumbraEngine

/// Turns gradients into updates of the parameters: momentum or Adam, as Darknet does it.
///
/// Every number is updated by itself, so the result does not depend on the number of threads.
/// Source: Darknet `convolutional_layer.c` (`update_convolutional_layer`), `blas.c`.
public final class Optimizer {
  public let rules: UpdateRules
  public let hyperparameters: Hyperparameters
  /// What an exact resume needs beside the parameters, by name. Contents may be replaced.
  public let states: [(name: String, values: ParameterBuffer)]
  /// The moving average of the parameters, where the cfg asks for one.
  public let average: MovingAverage?
  private let threads: Int
  private let pieces: [Piece]

  /// A part of a tensor, in blocks of its memory.
  private struct Piece {
    let tensor: Int
    let blocks: Range<Int>
  }

  /// Tensors start at whole blocks, and their last is filled up with zeros, which stay zeros.
  typealias Block = SIMD16<Float>
  private static let pieceBlocks = 2048

  /// - Throws: `CfgError` for keys of layers that cannot be used, `WeightsError` for want of memory.
  public init(_ graph: Graph, _ hyperparameters: Hyperparameters, threads: Int? = nil) throws {
    rules = try UpdateRules(graph, hyperparameters)
    self.hyperparameters = hyperparameters
    self.threads = threads ?? ThreadPool.processors
    let layout = WeightsLayout(graph)
    switch hyperparameters.method {
    case .momentum: states = [("momentum", try ParameterBuffer(layout))]
    case .adam:
      states = [
        ("adam_first", try ParameterBuffer(layout)), ("adam_second", try ParameterBuffer(layout)),
      ]
    }
    average = try hyperparameters.emaAlpha.flatMap {
      try MovingAverage(layout, share: $0, iterations: hyperparameters.maxBatches)
    }
    pieces = rules.tensors.enumerated().flatMap { index, tensor in
      let blocks = (tensor.count + Block.scalarCount - 1) / Block.scalarCount
      return stride(from: 0, to: blocks, by: Self.pieceBlocks).map {
        Piece(tensor: index, blocks: $0..<min($0 + Self.pieceBlocks, blocks))
      }
    }
  }

  /// One update.
  ///
  /// - Parameters:
  ///   - parameters: what is trained.
  ///   - gradients: sums over `hyperparameters.batch` images; layers with `grad_centr` change theirs.
  ///   - iteration: the update's number, from 1.
  ///   - rate: the learning rate, usually the schedule's for this iteration.
  /// - Returns: a tensor that is no longer of finite numbers, the last in file order.
  @discardableResult
  public func step(
    parameters: ParameterBuffer, gradients: ParameterBuffer, iteration: Int, rate: Float
  ) -> NonFinite? {
    centerGradients(gradients)
    var isBad = [Bool](repeating: false, count: pieces.count)
    isBad.withUnsafeMutableBufferPointer { bad in
      let bad = bad
      parallelFor(pieces.count, threads: threads) { index in
        let piece = pieces[index]
        let tensor = rules.tensors[piece.tensor]
        guard iteration >= tensor.firstIteration else { return }
        let places = states.map { self.blocks($0.values, tensor.id) }
        bad[index] = !update(
          tensor, piece.blocks, blocks(parameters, tensor.id), blocks(gradients, tensor.id),
          places, iteration, rate * tensor.rateFactor)
      }
    }
    average?.update(parameters, rules, iteration: iteration)
    return isBad.lastIndex(of: true).map {
      let tensor = rules.tensors[pieces[$0].tensor]
      return NonFinite(layer: tensor.id.layer, role: tensor.role)
    }
  }

  private func blocks(_ buffer: ParameterBuffer, _ id: ParameterID) -> UnsafeMutablePointer<Block> {
    UnsafeMutableRawPointer(buffer.pointer(id)).assumingMemoryBound(to: Block.self)
  }

  /// False when a number is not finite any more.
  private func update(
    _ tensor: UpdateRules.Tensor, _ blocks: Range<Int>, _ values: UnsafeMutablePointer<Block>,
    _ gradients: UnsafeMutablePointer<Block>, _ states: [UnsafeMutablePointer<Block>],
    _ iteration: Int, _ rate: Float
  ) -> Bool {
    let images = Float(hyperparameters.batch)
    let decay = hyperparameters.decay * images
    var isFinite: Bool
    switch hyperparameters.method {
    case .momentum(let momentum):
      isFinite = momentumStep(
        blocks, values, gradients, states[0], decay: tensor.decays ? decay : 0,
        rate: rate / images, momentum: momentum)
    case .adam(let first, let second, let epsilon):
      let corrections = (
        1 - raise(Double(first), Double(iteration)), 1 - raise(Double(second), Double(iteration))
      )
      isFinite = adamStep(
        blocks, values, gradients, states[0], states[1], decay: decay, shares: (first, second),
        rate: rate / Float(corrections.0), secondScale: Float(1 / corrections.1),
        epsilon: epsilon)
    }
    if tensor.clip > 0 {
      let (low, high) = (Block(repeating: -tensor.clip), Block(repeating: tensor.clip))
      for i in blocks { values[i].clamp(lowerBound: low, upperBound: high) }
    }
    return isFinite
  }

  /// Subtracts each filter's mean from its gradient (Yong et al. 2020), where a layer asks for it.
  private func centerGradients(_ gradients: ParameterBuffer) {
    for tensor in rules.tensors where tensor.centeredFilters > 0 {
      let size = tensor.count / tensor.centeredFilters
      let values = gradients.pointer(tensor.id)
      for filter in 0..<tensor.centeredFilters {
        let row = values + filter * size
        var sum = 0.0
        for i in 0..<size { sum += Double(row[i]) }
        let mean = Float(sum / Double(size))
        for i in 0..<size { row[i] -= mean }
      }
    }
  }
}

/// A tensor in which an update left numbers that are not finite.
public struct NonFinite: Hashable, Sendable {
  public let layer: Int
  public let role: Parameter.Role
}
