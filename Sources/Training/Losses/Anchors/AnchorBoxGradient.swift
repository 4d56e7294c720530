import PenumbraEngine

/// What the coordinates of a box learn.
struct AnchorBoxGradient {
  let out: AnchorOutput
  let options: AnchorLossOptions

  private var head: AnchorHead { out.head }

  /// Adds the gradient of one anchor's box at a cell towards a truth.
  ///
  /// - Parameter multiplier: how much the truth's class counts.
  func add(_ truth: Box, _ prediction: Box, multiplier: Float, _ anchor: Int, _ cell: Int) {
    if head.hasUncertainty { addUncertain(truth, multiplier, anchor, cell) }
    guard let loss = options.boxLoss else {
      if !head.hasUncertainty { addSquares(truth, multiplier, anchor, cell) }
      return
    }
    var pull = loss.pull(prediction, towards: truth)
    pull.width += head.pointOffset * pull.x
    pull.height += head.pointOffset * pull.y
    if !head.usesNewCoordinates {
      pull.width *= exponential(out.output[out.offset(anchor, head.planes.width, cell)])
      pull.height *= exponential(out.output[out.offset(anchor, head.planes.height, cell)])
    }
    let factor = options.boxFactor * multiplier
    add(pull.x * factor, out.offset(anchor, head.planes.x, cell))
    add(pull.y * factor, out.offset(anchor, head.planes.y, cell))
    add(pull.width * factor, out.offset(anchor, head.planes.width, cell))
    add(pull.height * factor, out.offset(anchor, head.planes.height, cell))
  }

  /// A delta, Darknet's negative gradient, bounded; what is not a number teaches nothing.
  private func add(_ delta: Float, _ place: Int) {
    guard delta.isFinite else { return }
    out.gradient[place] -= min(max(delta, -options.mostDelta), options.mostDelta)
  }

  // MARK: Coordinates one by one

  /// The values that x, y, width and height should have, and the truth's weight: small boxes more.
  private func goals(_ truth: Box, _ anchor: Int, _ cell: Int) -> (SIMD4<Float>, weight: Float) {
    let size = head.anchorBox(head.mask[anchor], out.network)
    let point = head.point(of: truth)
    let ratio = (truth.width / size.width, truth.height / size.height)
    let sides =
      head.usesNewCoordinates
      ? ((ratio.0 / 4).squareRoot(), (ratio.1 / 4).squareRoot())
      : (logarithm(ratio.0), logarithm(ratio.1))
    return (
      SIMD4(
        point.x * Float(out.shape.width) - Float(cell % out.shape.width),
        point.y * Float(out.shape.height) - Float(cell / out.shape.width), sides.0, sides.1),
      2 - truth.width * truth.height
    )
  }

  private var coordinates: SIMD4<Int> {
    SIMD4(head.planes.x, head.planes.y, head.planes.width, head.planes.height)
  }

  private func addSquares(_ truth: Box, _ multiplier: Float, _ anchor: Int, _ cell: Int) {
    let (goals, weight) = goals(truth, anchor, cell)
    let factor = weight * options.boxFactor * multiplier
    for i in 0..<4 {
      let place = out.offset(anchor, coordinates[i], cell)
      let delta = factor * (goals[i] - out.output[place])
      if delta.isFinite { out.gradient[place] -= delta }
    }
  }

  /// Each coordinate is the middle of a normal distribution, its uncertainty the deviation: both
  /// learn to make the truth likely. With a loss by overlap the uncertainty alone learns here.
  ///
  /// Source: Darknet `gaussian_yolo_layer.c` (`delta_gaussian_yolo_box`); Choi et al. 2019.
  private func addUncertain(_ truth: Box, _ multiplier: Float, _ anchor: Int, _ cell: Int) {
    let (goals, weight) = goals(truth, anchor, cell)
    let rootOfTwoPi: Float = 2.506_628_3
    for i in 0..<4 {
      let place = out.offset(anchor, coordinates[i], cell)
      let deviation = out.output[place + out.plane]
      let error = (goals[i] - out.output[place]) / deviation
      let density = exponential(-0.5 * error * error) / (rootOfTwoPi * (deviation + 0.3))
      let share = 0.5 * weight * multiplier * density / (density + 1e-9)
      if options.boxLoss == nil { add(share * error / deviation * options.boxFactor, place) }
      add(
        share * (error * error / deviation - 1 / (deviation + 0.3)) * options.uncertaintyFactor,
        place + out.plane)
    }
  }
}
