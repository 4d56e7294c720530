/// What one iteration came to: a line of `train.jsonl`.
public struct IterationRecord: Hashable, Sendable, Codable {
  /// The loss of one layer in one iteration, a mean over its images.
  public struct Layer: Hashable, Sendable, Codable {
    public var layer: Int
    public var total: Double
    public var box: Double
    public var objectness: Double
    public var classification: Double
    /// Cells and anchors that learnt a box, of all images, and their mean IoU with it.
    public var positives: Int
    public var overlap: Double?
  }

  public var iteration: Int
  /// Images learnt from, earlier runs included.
  public var images: UInt64
  /// Passes over the data set so far; nil for endless sources.
  public var epoch: Double?
  /// A mean over images and loss layers, as Darknet prints it, and its running average.
  public var loss: Double
  public var averageLoss: Double
  /// The parts of the loss, the same mean.
  public var box: Double
  public var objectness: Double
  public var classification: Double
  /// The mean IoU of the boxes that learnt; nil when there were none.
  public var overlap: Double?
  public var layers: [Layer]
  public var rate: Double
  public var width: Int
  public var height: Int
  /// What the iteration took, and how much of it was spent waiting for images.
  public var seconds: Double
  public var secondsWaiting: Double
  public var imagesPerSecond: Double
  /// Until the last iteration, validations not counted; nil when there is no last one.
  public var secondsLeft: Double?

  enum CodingKeys: String, CodingKey {
    case iteration, images, epoch, loss, box, objectness, classification, overlap, layers, rate
    case width, height, seconds
    case averageLoss = "average_loss"
    case secondsWaiting = "seconds_waiting"
    case imagesPerSecond = "images_per_second"
    case secondsLeft = "seconds_left"
  }
}

/// What the network was worth on the validation images: a line of `train.jsonl`.
public struct ValidationRecord: Hashable, Sendable, Codable {
  public struct Class: Hashable, Sendable, Codable {
    public var name: String
    public var metrics: [String: Double]

    public init(name: String, metrics: [String: Double]) {
      (self.name, self.metrics) = (name, metrics)
    }
  }

  public var iteration = 0
  public var images: Int
  public var seconds = 0.0
  /// By name, such as `map50`.
  public var metrics: [String: Double]
  public var classes: [Class]
  /// The metric that decides about the best weights, and whether it was never better.
  public var decisive: String
  public var isBest = false
  /// Why the metrics are 0, where the network could not be validated. An event of its own says it.
  public var warning: String?
  /// What was left out of the metrics, which say something nevertheless.
  public var notice: String?

  public init(
    images: Int, metrics: [String: Double], classes: [Class] = [], decisive: String
  ) {
    self.images = images
    self.metrics = metrics
    self.classes = classes
    self.decisive = decisive
  }

  /// The value of the decisive metric.
  public var value: Double { metrics[decisive] ?? .nan }

  enum CodingKeys: String, CodingKey {
    case iteration, images, seconds, metrics, classes, decisive
    case isBest = "is_best"
  }
}

/// Files that were written: a line of `train.jsonl`.
public struct CheckpointRecord: Hashable, Sendable, Codable {
  public var iteration: Int
  public var files: [String]
  public var seconds: Double
}

/// What a run is about: the first line of `train.jsonl`, and one more each time it is resumed.
public struct StartRecord: Hashable, Sendable, Codable {
  public var cfg: String
  public var iteration: Int
  /// The last iteration; nil for a run without end.
  public var iterations: Int?
  public var seed: UInt64
  public var batch: Int
  public var subdivisions: Int
  public var threads: Int
  public var backend: String
  public var parameters: Int
  public var trainingImages: Int?
  public var validationImages: Int?
  /// Bytes of one training step: activations, gradients and scratch, and the parameters with all that
  /// is kept for each.
  public var stepBytes: Int
  public var parameterBytes: Int
  /// The hyperparameters as they were read, by key.
  public var hyperparameters: [String: String]

  enum CodingKeys: String, CodingKey {
    case cfg, iteration, iterations, seed, batch, subdivisions, threads, backend, parameters
    case hyperparameters
    case trainingImages = "training_images"
    case validationImages = "validation_images"
    case stepBytes = "step_bytes"
    case parameterBytes = "parameter_bytes"
  }

  public var peakBytes: Int { stepBytes + parameterBytes }
}

/// Why a run ended.
public enum TrainingEnd: String, Hashable, Sendable, Codable {
  /// All iterations are done.
  case finished
  /// Somebody asked for it.
  case interrupted
  /// The metric that was watched did not become better.
  case stoppedEarly = "stopped_early"
  /// The time that was allowed is over.
  case outOfTime = "out_of_time"
  /// Something went wrong.
  case failed
}

/// What a run reports, in the order in which it happens.
public enum TrainingEvent: Hashable, Sendable {
  case start(StartRecord)
  case iteration(IterationRecord)
  case validation(ValidationRecord)
  case checkpoint(CheckpointRecord)
  case warning(String, iteration: Int)
  case end(TrainingEnd, iteration: Int)

  /// The iteration it belongs to.
  public var iteration: Int {
    switch self {
    case .start(let record): record.iteration
    case .iteration(let record): record.iteration
    case .validation(let record): record.iteration
    case .checkpoint(let record): record.iteration
    case .warning(_, let iteration), .end(_, let iteration): iteration
    }
  }
}

extension TrainingEvent: Codable {
  private enum Name: String, Codable {
    case start, iteration, validation, checkpoint, warning, end
  }
  private enum Keys: String, CodingKey { case event, iteration, message, reason }

  /// One flat object, with the event's name under `event`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Keys.self)
    switch self {
    case .start(let record):
      try container.encode(Name.start, forKey: .event)
      try record.encode(to: encoder)
    case .iteration(let record):
      try container.encode(Name.iteration, forKey: .event)
      try record.encode(to: encoder)
    case .validation(let record):
      try container.encode(Name.validation, forKey: .event)
      try record.encode(to: encoder)
    case .checkpoint(let record):
      try container.encode(Name.checkpoint, forKey: .event)
      try record.encode(to: encoder)
    case .warning(let message, let iteration):
      try container.encode(Name.warning, forKey: .event)
      try container.encode(iteration, forKey: .iteration)
      try container.encode(message, forKey: .message)
    case .end(let reason, let iteration):
      try container.encode(Name.end, forKey: .event)
      try container.encode(iteration, forKey: .iteration)
      try container.encode(reason, forKey: .reason)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    switch try container.decode(Name.self, forKey: .event) {
    case .start: self = .start(try StartRecord(from: decoder))
    case .iteration: self = .iteration(try IterationRecord(from: decoder))
    case .validation: self = .validation(try ValidationRecord(from: decoder))
    case .checkpoint: self = .checkpoint(try CheckpointRecord(from: decoder))
    case .warning:
      self = .warning(
        try container.decode(String.self, forKey: .message),
        iteration: try container.decode(Int.self, forKey: .iteration))
    case .end:
      self = .end(
        try container.decode(TrainingEnd.self, forKey: .reason),
        iteration: try container.decode(Int.self, forKey: .iteration))
    }
  }
}
