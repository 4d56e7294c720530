/// The class scores of one box, each a probability of its own, and where their gradient goes.
struct ClassGradient {
  let scores: UnsafePointer<Float>
  let gradient: UnsafeMutablePointer<Float>
  /// From one class to the next.
  let stride: Int
  let count: Int

  /// Learns that the box is of a class: with respect to what the logistic read, `p - target`.
  ///
  /// A box that is of that class already, or of another one too, keeps what it learnt of the others.
  ///
  /// Source: Darknet `yolo_layer.c` (`delta_yolo_class`).
  func learn(
    _ right: Int, targets: (right: Float, wrong: Float), factor: Float, multiplier: Float,
    isFocal: Bool
  ) {
    let place = right * stride
    guard gradient[place] == 0 else {
      gradient[place] = factor * multiplier * (scores[place] - targets.right)
      return
    }
    if isFocal {
      let weight = 0.5 * factor * Self.focus(scores[place])
      for c in 0..<count {
        gradient[c * stride] = weight * (scores[c * stride] - (c == right ? 1 : 0))
      }
    } else {
      for c in 0..<count {
        let target = c == right ? targets.right : targets.wrong
        gradient[c * stride] = factor * (scores[c * stride] - target)
      }
      gradient[place] *= multiplier
    }
  }

  /// The focal loss's factor at the right class's probability: small where it is likely already.
  ///
  /// Source: Lin et al. 2017, with exponent 2.
  static func focus(_ probability: Float) -> Float {
    let p = probability + 1e-15
    return -(1 - p) * (2 * p * logarithm(p) + p - 1)
  }
}
