public import PenumbraEngine

/// The moving average of the parameters over the second half of a training, which takes their place
/// near its end, so that the statistics of batch normalisation can still adapt to it.
///
/// Source: Darknet `network.c` (`ema_update`, `ema_apply`), `detector.c`.
public final class MovingAverage {
  /// The average; meaningless before `hasBegun`. Contents may be replaced.
  public let values: ParameterBuffer
  /// Whether there is an average yet: part of what an exact resume needs.
  public var hasBegun = false
  let share: Float
  /// The iteration from which it is kept, and the one at which it becomes the parameters.
  let start: Int
  let end: Int

  /// Nil for a training without an end, whose second half never comes.
  init?(_ layout: WeightsLayout, share: Float, iterations: Int) throws(WeightsError) {
    guard iterations > 0 else { return nil }
    self.share = share
    start = iterations / 2
    // In Darknet always 1000 before the end, which short trainings never come to.
    end = iterations - min(1000, iterations / 4)
    values = try ParameterBuffer(layout)
  }

  func update(_ parameters: ParameterBuffer, _ rules: UpdateRules, iteration: Int) {
    guard iteration >= start, iteration <= end else { return }
    for tensor in rules.tensors {
      let (old, new) = (values.pointer(tensor.id), parameters.pointer(tensor.id))
      if hasBegun {
        for i in 0..<tensor.count { old[i] = share * old[i] + (1 - share) * new[i] }
      } else {
        old.update(from: new, count: tensor.count)
      }
      if iteration == end { new.update(from: old, count: tensor.count) }
    }
    hasBegun = true
  }
}
