import PenumbraCompute

/// Normalises by the statistics of the mini-batch, as training does, and applies the activation that
/// follows in the same step.
struct UseBatchStatistics: Pass {
  func apply(to program: inout Program) {
    for index in program.steps.indices {
      guard let normalize = program.steps[index].operation as? Normalize else { continue }
      let channels = program[program.steps[index].output].shape.channels
      program.steps[index].operation = NormalizeBatch(
        normalization: normalize.normalization, channels: channels)
    }
    program.absorb { producer, consumer in
      guard var normalize = producer.operation as? NormalizeBatch, normalize.activation == .linear,
        let activate = consumer.operation as? Activate,
        case .elementwise(let function) = activate.function
      else { return nil }
      normalize.activation = function
      return normalize
    }
  }
}
