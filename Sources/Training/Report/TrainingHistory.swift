/// What a run reported so far, as its page shows it.
public struct TrainingHistory: Sendable {
  private(set) var start: StartRecord?
  private(set) var last: IterationRecord?
  private(set) var validations: [ValidationRecord] = []
  private(set) var checkpoints: [CheckpointRecord] = []
  private(set) var warnings: [(iteration: Int, text: String)] = []
  private(set) var end: TrainingEnd?
  /// Seconds spent in iterations.
  private(set) var seconds = 0.0

  private(set) var loss = Series()
  private(set) var averageLoss = Series()
  private(set) var box = Series()
  private(set) var objectness = Series()
  private(set) var classification = Series()
  private(set) var overlap = Series()
  private(set) var rate = Series()
  private(set) var imagesPerSecond = Series()
  private(set) var metrics: [String: Series] = [:]

  public init() {}

  public mutating func note(_ event: TrainingEvent) {
    switch event {
    case .start(let record):
      start = record
      end = nil
    case .iteration(let record): note(record)
    case .validation(let record):
      validations.append(record)
      for (name, value) in record.metrics {
        metrics[name, default: Series()].add(Double(record.iteration), value)
      }
    case .checkpoint(let record): checkpoints.append(record)
    case .warning(let text, let iteration): warnings.append((iteration, text))
    case .end(let reason, _): end = reason
    }
  }

  private mutating func note(_ record: IterationRecord) {
    last = record
    seconds += record.seconds
    let position = Double(record.iteration)
    loss.add(position, record.loss)
    averageLoss.add(position, record.averageLoss)
    box.add(position, record.box)
    objectness.add(position, record.objectness)
    classification.add(position, record.classification)
    if let overlap = record.overlap { self.overlap.add(position, overlap) }
    rate.add(position, record.rate)
    imagesPerSecond.add(position, record.imagesPerSecond)
  }

  /// The best validation by its decisive metric.
  var best: ValidationRecord? { validations.last { $0.isBest } }
}
