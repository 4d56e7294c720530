/// Why training cannot start or go on.
public enum TrainingError: Error, Hashable, Sendable {
  /// The network ends in nothing that training could lower.
  case noLoss(network: String)
  case notFinite(iteration: Int, layer: Int, section: String, what: NotFinite)
  /// No part of the batch fits, not even a single image.
  case overMemory(limit: Int, needed: Int, batch: Int)
  case unevenBatch(Int, subdivisions: Int)
  /// The network cannot be built for a size of multi-scale training.
  case otherLayout(width: Int, height: Int, layer: Int, section: String)
  /// `--from` weights, or a run to resume, that have seen all that is asked for.
  case nothingLeft(iteration: Int, iterations: Int, isResumed: Bool)
  /// `--from` weights that claim to have seen more images than anybody has.
  case implausibleSeen(UInt64, weights: String)
  case noIterations(network: String)
  case unknownMetric(String, known: [String])
  /// The data names other classes than the network tells apart.
  case otherClasses(network: String, has: Int, data: String, names: Int)

  /// What stopped being a number.
  public enum NotFinite: String, Hashable, Sendable {
    case output, gradient, parameters
  }
}

extension TrainingError: CustomStringConvertible {
  public var description: String { "error: \(problem)\nhelp: \(remedy)" }

  private var problem: String {
    switch self {
    case .noLoss(let network):
      "\(network): the network has no section with a loss, so there is nothing to train"
    case .notFinite(let iteration, let layer, let section, let what):
      "iteration \(iteration): the \(what.text) of layer \(layer) [\(section)] are no longer finite"
        + " numbers"
    case .overMemory(let limit, let needed, let batch):
      "a training step of one image needs \(byteText(needed)), more than --max-memory"
        + " \(byteText(limit)) allows (batch \(batch))"
    case .unevenBatch(let batch, let subdivisions):
      "\(batch) images cannot be divided into \(subdivisions) equal parts"
    case .otherLayout(let width, let height, let layer, let section):
      "layer \(layer) [\(section)] has other parameters at \(width)x\(height): this network cannot be"
        + " trained at changing sizes"
    case .nothingLeft(let iteration, let iterations, let isResumed):
      "the \(isResumed ? "run stands" : "weights stand") at iteration \(iteration) of \(iterations):"
        + " nothing is left to do"
    case .implausibleSeen(let seen, let weights):
      "\(weights) claims to have seen \(seen) images, more than can be counted on from"
    case .noIterations(let network):
      "\(network): nothing says when the training ends: max_batches is 0"
    case .unknownMetric(let name, let known):
      known == ["loss"]
        ? "there is no metric '\(name)' because nothing is validated; there is loss"
        : "there is no metric '\(name)'; there are \(known.joined(separator: ", "))"
    case .otherClasses(let network, let has, let data, let names):
      "\(network) tells \(has) classes apart, \(data) has \(names)"
    }
  }

  private var remedy: String {
    switch self {
    case .noLoss: "end the cfg in [yolo], [Gaussian_yolo], [region], [softmax] or [cost]"
    case .notFinite:
      "lower learning_rate, raise burn_in, or set max_delta in the head; the checkpoints written"
        + " before are whole, and --resume goes on from the last one"
    case .overMemory: "raise --max-memory, or use a smaller width and height"
    case .unevenBatch: "choose --subdivisions that divides --batch"
    case .otherLayout: "set random=0 in the last head"
    case .nothingLeft(_, _, isResumed: true): "give a larger --iterations to go on"
    case .nothingLeft: "give --clear to start counting at 0, or a larger --iterations"
    case .implausibleSeen: "give --clear to start counting at 0"
    case .noIterations: "set max_batches in [net], or give --iterations or --minutes"
    case .unknownMetric(_, let known):
      known.isEmpty ? "give a data set with validation images" : "name one of these"
    case .otherClasses(_, _, _, let names):
      "set classes=\(names) in every head and the filters before it to match, or output=\(names) in"
        + " a classifier's last layer"
    }
  }
}

extension TrainingError.NotFinite {
  fileprivate var text: String {
    switch self {
    case .output: "outputs"
    case .gradient: "gradients"
    case .parameters: "parameters"
    }
  }
}
