import PenumbraCompute

/// `[dropout]` in training: each element is 0 with a probability, else scaled up to keep the mean.
///
/// Source: Darknet `dropout_layer.c`. Which ones are dropped follows the seed, the iteration and the
/// element, not the threads.
struct DropElements: Operation {
  let name = "drop"
  let probability: Float
  let layer: Int

  /// Outside of training nothing is dropped.
  func run(_ call: borrowing KernelCall) {
    eachImage(call) { $1.update(from: $0, count: call.output.shape.count) }
  }

  private func factor(_ generator: SplitMix, _ index: Int) -> Float {
    // At a probability of 1 nothing is kept, whatever the random number rounds to.
    probability >= 1 || Float(generator.u(index)) < probability ? 0 : 1 / (1 - probability)
  }

  private func generator(_ moment: TrainingMoment, image: Int) -> SplitMix {
    let place = SplitMix(seed: moment.seed &+ UInt64(layer)).u(moment.iteration)
    return SplitMix(seed: place.bitPattern &+ UInt64(moment.firstImage + image))
  }
}

extension DropElements: Differentiable {
  var keeps: KeptTensors { [] }

  func forward(_ call: borrowing ForwardCall) {
    let count = call.output.shape.count
    for n in 0..<call.batch {
      let (x, y) = (call.inputs[0].image(n), call.output.image(n))
      let generator = generator(call.moment, image: n)
      for i in 0..<count { y[i] = factor(generator, i) * x[i] }
    }
  }

  func backward(_ call: borrowing BackwardCall) {
    guard let target = call.gradientToAddTo(0) else { return }
    let count = target.shape.count
    for n in 0..<call.batch {
      let (dx, dy) = (target.image(n), call.outputGradient.image(n))
      let generator = generator(call.moment, image: n)
      for i in 0..<count { dx[i] += factor(generator, i) * dy[i] }
    }
  }
}
