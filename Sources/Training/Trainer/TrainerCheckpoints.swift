import PenumbraEngine
import PenumbraSupport

/// What a run leaves behind, and how it is judged.
extension Trainer {
  var startRecord: StartRecord {
    StartRecord(
      cfg: state.cfg, iteration: state.iteration, iterations: options.iterations,
      seed: state.seed, batch: batch, subdivisions: subdivisions, threads: threads,
      backend: options.backend.name, parameters: graph.parameterCount,
      trainingImages: batches.imageCount, validationImages: validationImages, stepBytes: stepBytes,
      parameterBytes: parameterBytes, hyperparameters: hyperparameters.texts)
  }

  // MARK: Validation

  var isValidationDue: Bool {
    guard let every = options.validateEvery, state.iteration >= options.firstValidation else {
      return false
    }
    return (state.iteration - options.firstValidation) % max(1, every) == 0
  }

  /// How a validation ended.
  enum Verdict {
    case goOn
    /// The metric that is watched was not better for long enough.
    case waitedLongEnough
    case interrupted
  }

  /// Judges the network, and keeps its weights where it was never better.
  func validate(
    _ shouldStop: () -> Bool, _ report: (TrainingEvent) throws -> Void
  ) throws -> Verdict {
    var metrics = ["loss": state.averageLoss ?? .nan]
    if let judge {
      let clock = ContinuousClock()
      let start = clock.now
      guard var record = try judge(weights, state.iteration, shouldStop) else {
        return .interrupted
      }
      record.seconds = (clock.now - start) / .seconds(1)
      record.iteration = state.iteration
      // Of equals the later is kept, as in Darknet.
      let isBest = state.best.map { record.value >= $0.value } ?? record.value.isFinite
      record.isBest = isBest && record.warning == nil
      for warning in [record.warning, record.notice].compactMap({ $0 }) {
        try report(.warning(warning, iteration: state.iteration))
      }
      metrics.merge(record.metrics) { _, new in new }
      try report(.validation(record))
      // Weights that could not be written are not what later ones have to beat.
      if record.isBest, try write([.best], report) {
        state.best = TrainingState.Best(
          metric: record.decisive, value: record.value, iteration: state.iteration)
      }
    }
    guard let stopping = options.earlyStopping else { return .goOn }
    guard let value = metrics[stopping.metric] else {
      throw TrainingError.unknownMetric(stopping.metric, known: metrics.keys.sorted())
    }
    var waiting = state.stopping ?? EarlyStopping.State(metric: stopping.metric)
    // A resumed run may watch another metric than before.
    if waiting.metric != stopping.metric {
      waiting = EarlyStopping.State(metric: stopping.metric)
    }
    defer { state.stopping = waiting }
    let isOver = stopping.note(value, higherIsBetter: stopping.metric != "loss", in: &waiting)
    return isOver ? .waitedLongEnough : .goOn
  }

  /// The numbers being trained, as they are.
  private var weights: Weights {
    Weights(parameters, header: WeightsHeader(seen: state.seen), origin: names.weights(.last))
  }

  /// The moving average; what it does not cover, such as rolling statistics, is of the moment.
  private func averaged(_ average: ParameterBuffer) throws -> Weights {
    let covered = try ParameterBuffer(average.layout)
    _ = covered.values.update(fromContentsOf: parameters.values)
    for entry in average.layout.entries where entry.parameter.role.learns {
      _ = covered.tensor(entry.id).update(fromContentsOf: average.tensor(entry.id))
    }
    return Weights(covered, header: WeightsHeader(seen: state.seen))
  }

  // MARK: Files

  /// Writes weights of some kinds, and with the last ones the state.
  ///
  /// - Parameter isLast: whether there is no later checkpoint. One that cannot be written then is an
  ///   error whatever the options, once all others are tried.
  /// - Returns: whether all were written.
  @discardableResult
  func write(
    _ kinds: [CheckpointNames.Kind], isLast: Bool = false,
    _ report: (TrainingEvent) throws -> Void
  ) throws -> Bool {
    guard !kinds.isEmpty else { return true }
    let clock = ContinuousClock()
    let start = clock.now
    var files: [String] = []
    var lost: WriteError?
    func put(_ path: String, _ write: (String) throws -> Void) throws {
      do {
        try write(path)
        files.append(path)
      } catch let error as WriteError where options.outlivesWriteFailures {
        lost = lost ?? error
        let isTriedAgain = !isLast && kinds.contains(.last)
        let rest = isTriedAgain ? "; the next checkpoint tries again" : ""
        let text = "\(path): \(error.problem); the old file stays\(rest)"
        try report(.warning(text, iteration: state.iteration))
      }
    }
    for kind in kinds {
      if kind == .last {
        // The state holds the weights, and is what `--resume` reads: a kill between the two files
        // leaves weights that are older, and a state that is whole.
        try put(names.state) { try StateFile.write(state, stateBuffers, to: $0) }
        if let average = optimizer.average, average.hasBegun {
          try put(names.weights(.averaged)) { try averaged(average.values).write(to: $0) }
        }
      }
      try put(names.weights(kind)) { try weights.write(to: $0) }
    }
    let seconds = (clock.now - start) / .seconds(1)
    if !files.isEmpty {
      try report(
        .checkpoint(
          CheckpointRecord(iteration: state.iteration, files: files, seconds: seconds)))
    }
    if isLast, let lost { throw lost }
    return lost == nil
  }
}
