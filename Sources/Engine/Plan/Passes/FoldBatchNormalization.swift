import PenumbraCompute

/// Turns a batch normalisation that follows a convolution or a connected layer into a factor and a
/// summand of each of its filters, so that it costs no pass over memory.
public struct FoldBatchNormalization: Pass {
  public init() {}

  public func apply(to program: inout Program) {
    program.absorb { producer, consumer in
      guard let normalize = consumer.operation as? Normalize else { return nil }
      if var convolution = producer.operation as? Convolution, convolution.epilogue.isEmpty {
        convolution.epilogue.normalization = normalize.normalization
        return convolution
      }
      if var matrix = producer.operation as? MultiplyMatrix, matrix.epilogue.isEmpty {
        matrix.epilogue.normalization = normalize.normalization
        return matrix
      }
      return nil
    }
  }
}

extension Convolution.Epilogue {
  fileprivate var isEmpty: Bool { normalization == nil && bias == nil && activation == .linear }
}
