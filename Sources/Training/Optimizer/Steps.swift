/// `u = state + gradient + decay · w; w -= rate · u; state = momentum · u`.
///
/// The decay is carried by the momentum too, and the rate is applied after both, as in Darknet.
/// - Returns: whether all numbers are finite.
func momentumStep(
  _ blocks: Range<Int>, _ values: UnsafeMutablePointer<Optimizer.Block>,
  _ gradients: UnsafeMutablePointer<Optimizer.Block>,
  _ state: UnsafeMutablePointer<Optimizer.Block>, decay: Float, rate: Float, momentum: Float
) -> Bool {
  // Anything times 0 is 0, unless it is infinite or not a number.
  var zeros = Optimizer.Block.zero
  for i in blocks {
    let update = state[i] + gradients[i] + decay * values[i]
    let value = values[i] - rate * update
    values[i] = value
    state[i] = momentum * update
    zeros += value * 0
  }
  return zeros == .zero
}

/// `d = gradient + decay · w`; its two moving averages; `w -= rate · first / (√second + epsilon)`.
///
/// - Parameters:
///   - rate: over the first average's correction.
///   - secondScale: 1 over the second's.
/// - Returns: whether all numbers are finite.
func adamStep(
  _ blocks: Range<Int>, _ values: UnsafeMutablePointer<Optimizer.Block>,
  _ gradients: UnsafeMutablePointer<Optimizer.Block>,
  _ firsts: UnsafeMutablePointer<Optimizer.Block>,
  _ seconds: UnsafeMutablePointer<Optimizer.Block>, decay: Float,
  shares: (first: Float, second: Float), rate: Float, secondScale: Float, epsilon: Float
) -> Bool {
  var zeros = Optimizer.Block.zero
  for i in blocks {
    let gradient = gradients[i] + decay * values[i]
    let first = shares.first * firsts[i] + (1 - shares.first) * gradient
    let second = shares.second * seconds[i] + (1 - shares.second) * gradient * gradient
    firsts[i] = first
    seconds[i] = second
    let value = values[i] - rate * first / ((second * secondScale).squareRoot() + epsilon)
    values[i] = value
    zeros += value * 0
  }
  return zeros == .zero
}
