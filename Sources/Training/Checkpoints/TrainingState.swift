/// Everything beside the numbers that a run needs to go on as if it had never stopped.
public struct TrainingState: Hashable, Sendable, Codable {
  /// A measured number that is to be as good as possible.
  public struct Best: Hashable, Sendable, Codable {
    public var metric: String
    public var value: Double
    public var iteration: Int

    public init(metric: String, value: Double, iteration: Int) {
      (self.metric, self.value, self.iteration) = (metric, value, iteration)
    }
  }

  /// The cfg's name and the checksum of its text.
  public var cfg: String
  public var cfgChecksum: String
  public var seed: UInt64
  /// Images of one iteration, and the parts it was computed in.
  public var batch: Int
  public var subdivisions: Int
  /// Updates so far.
  public var iteration = 0
  /// Images learnt from, those before this run among them: what the weights file says.
  public var seen: UInt64 = 0
  /// The running average of the loss; nil before the first iteration.
  public var averageLoss: Double?
  public var best: Best?
  public var stopping: EarlyStopping.State?
  /// Whether a validation of this iteration was cut short; nil where none was.
  public var owesValidation: Bool?
  /// Whether the moving average of the weights has begun.
  public var hasAverage = false
  /// What else decides how a run goes, in words: the number of images, the backend and so on.
  public var circumstances: [String: String]?

  public init(cfg: String, cfgChecksum: String, seed: UInt64, batch: Int, subdivisions: Int) {
    self.cfg = cfg
    self.cfgChecksum = cfgChecksum
    self.seed = seed
    self.batch = batch
    self.subdivisions = subdivisions
  }
}

extension TrainingState {
  /// Images that a file can claim to have seen: nobody has trained on more, and counting on from there
  /// stays exact.
  static let mostSeen: UInt64 = 1 << 53

  /// What no run can have written, in words; nil where every value is plausible.
  var fault: String? {
    func range(_ name: String, _ value: Int, _ allowed: ClosedRange<Int>) -> String? {
      allowed.contains(value) ? nil : "'\(name)' is \(value), expected \(allowed)"
    }
    func finite(_ name: String, _ value: Double?) -> String? {
      value.map { $0.isFinite ? nil : "'\(name)' is not finite" } ?? nil
    }
    let most = Int(Self.mostSeen)
    guard batch > 0 else { return "'batch' is \(batch), expected 1 or more" }
    return range("batch", batch, 1...1 << 32) ?? range("subdivisions", subdivisions, 1...batch)
      ?? range("iteration", iteration, 0...most / batch)
      ?? range("seen", Int(clamping: seen), 0...most)
      ?? range("best.iteration", best?.iteration ?? 0, 0...iteration)
      ?? range("stopping.waited", stopping?.waited ?? 0, 0...most)
      ?? finite("averageLoss", averageLoss) ?? finite("best.value", best?.value)
      ?? finite("stopping.best", stopping?.best)
  }
}
