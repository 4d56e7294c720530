/// How often which checkpoint is written.
public struct CheckpointCadence: Hashable, Sendable {
  /// Iterations between numbered weights, which stay; nil writes none.
  public var numbered: Int?
  /// Iterations between `NAME_last.weights` and the state beside it.
  public var last: Int
  /// Seconds after which these are written however few iterations there were; nil waits.
  public var lastSeconds: Double?

  public init(numbered: Int?, last: Int = 100, lastSeconds: Double? = 300) {
    self.numbered = numbered
    self.last = last
    self.lastSeconds = lastSeconds
  }

  /// Darknet's: `saveweights` and `savelast` of the `.data` file, where they are stated.
  ///
  /// Source: Darknet `detector.c` (`train_detector`).
  public init(saveWeights: Int? = nil, saveLast: Int? = nil, iterations: Int) {
    self.init(
      numbered: saveWeights ?? (iterations < 10000 ? 1000 : 10000), last: saveLast ?? 100)
  }

  public func isNumberedDue(_ iteration: Int) -> Bool {
    numbered.map { iteration % max(1, $0) == 0 } ?? false
  }

  package func isLastDue(_ iteration: Int, secondsSince: Double) -> Bool {
    iteration % max(1, last) == 0 || lastSeconds.map { secondsSince >= $0 } ?? false
  }
}
