import PenumbraCompute

/// `y = activation(w0 · x + Σ wi · si)`: `[shortcut]`. The first input is `x`, whose shape `y` has.
///
/// A source with fewer channels than `x` is added to the first ones; of one with more, the surplus is
/// not used. A source of another size is sampled by strides, as the original Darknet does
/// (`blas.c`, `shortcut_cpu`): every `stride`-th pixel of the larger map meets one of the smaller.
struct AddMaps: FusesActivation {
  let name = "add"
  /// Raw mixing weights, one a map or one a map and channel; nil adds the maps as they are.
  var mixing: Mixing?
  var activation: Activation = .linear
  let canOverwriteInput = true

  struct Mixing: Hashable, Sendable {
    let parameter: ParameterID
    let normalization: MixingNormalization
    /// One weight for each channel of each map, rather than one for each map.
    let isPerChannel: Bool
  }

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    let weights = mixing.map { mixingWeights($0, channels: shape.channels, call.weights) }
    for n in 0..<call.batch {
      let (x, output) = (call.inputs[0].image(n), call.output.image(n))
      scale(x, into: output, shape, weights?[0])
      for source in 1..<inputCount {
        let map = call.inputs[source]
        add(map.image(n), map.shape, to: output, shape, weights?[source])
      }
      activation.apply(output, count: shape.count)
    }
  }

  /// How many maps are added, `x` among them.
  let inputCount: Int

  private func scale(
    _ x: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>, _ shape: Shape,
    _ weights: [Float]?
  ) {
    guard let weights else {
      if x != output { output.update(from: x, count: shape.count) }
      return
    }
    for c in 0..<shape.channels {
      let weight = weights[c]
      for i in c * shape.planeCount..<(c + 1) * shape.planeCount { output[i] = weight * x[i] }
    }
  }

  private func add(
    _ source: UnsafeMutablePointer<Float>, _ from: Shape, to output: UnsafeMutablePointer<Float>,
    _ shape: Shape, _ weights: [Float]?
  ) {
    let steps = (x: MapRatio(from.width, shape.width), y: MapRatio(from.height, shape.height))
    let columns = min(steps.x.count(from.width), steps.x.other(shape.width))
    let rows = min(steps.y.count(from.height), steps.y.other(shape.height))
    for c in 0..<min(from.channels, shape.channels) {
      let weight = weights?[c] ?? 1
      for j in 0..<rows {
        let target = output + (c * shape.height + j * steps.y.sample) * shape.width
        let line = source + (c * from.height + j * steps.y.stride) * from.width
        for i in 0..<columns { target[i * steps.x.sample] += weight * line[i * steps.x.stride] }
      }
    }
  }

  /// The normalised weight of each map and channel. Source: Darknet `network.c` (`fuse_conv_batchnorm`).
  func mixingWeights(_ mixing: Mixing, channels: Int, _ weights: Weights) -> [[Float]] {
    let raw = weights.pointer(mixing.parameter)
    var factors = Array(repeating: Array(repeating: Float(0), count: channels), count: inputCount)
    for c in 0..<channels {
      let values = (0..<inputCount).map { raw[mixing.isPerChannel ? $0 * channels + c : $0] }
      for (map, weight) in mixing.normalization.normalize(values).enumerated() {
        factors[map][c] = weight
      }
    }
    return factors
  }
}

extension AddMaps: Differentiable {
  var keeps: KeptTensors { mixing == nil ? [] : .inputs }
  var parameters: [ParameterID] { mixing.map { [$0.parameter] } ?? [] }

  func backward(_ call: borrowing BackwardCall) {
    precondition(activation == .linear, "activations are trained as steps")
    let shape = call.output.shape
    let weights = mixing.map { mixingWeights($0, channels: shape.channels, call.weights) }
    for map in 0..<inputCount {
      guard let target = call.gradientToAddTo(map) else { continue }
      for n in 0..<call.batch {
        let (dx, dy) = (target.image(n), call.outputGradient.image(n))
        eachMeeting(target.shape, shape) { channel, from, to in
          dx[from] += (weights?[map][channel] ?? 1) * dy[to]
        }
      }
    }
    if let mixing, let weights { addMixingGradients(call, mixing, weights) }
  }

  /// The elements of a map and of the output that meet.
  private func eachMeeting(
    _ from: Shape, _ to: Shape, _ body: (_ channel: Int, _ from: Int, _ to: Int) -> Void
  ) {
    let (x, y) = (MapRatio(from.width, to.width), MapRatio(from.height, to.height))
    let columns = min(x.count(from.width), x.other(to.width))
    for c in 0..<min(from.channels, to.channels) {
      for j in 0..<min(y.count(from.height), y.other(to.height)) {
        let source = (c * from.height + j * y.stride) * from.width
        let target = (c * to.height + j * y.sample) * to.width
        for i in 0..<columns { body(c, source + i * x.stride, target + i * x.sample) }
      }
    }
  }

  private func addMixingGradients(
    _ call: borrowing BackwardCall, _ mixing: Mixing, _ weights: [[Float]]
  ) {
    let shape = call.output.shape
    var pulls = Array(repeating: Array(repeating: 0.0, count: shape.channels), count: inputCount)
    for map in 0..<inputCount {
      for n in 0..<call.batch {
        let (x, dy) = (call.inputs[map].image(n), call.outputGradient.image(n))
        eachMeeting(call.inputs[map].shape, shape) { channel, from, to in
          pulls[map][channel] += Double(x[from]) * Double(dy[to])
        }
      }
    }
    let raw = call.weights.pointer(mixing.parameter)
    let sums = call.parameterGradients.pointer(mixing.parameter)
    for c in 0..<shape.channels {
      func index(_ map: Int) -> Int { mixing.isPerChannel ? map * shape.channels + c : map }
      let slopes = mixing.normalization.gradient(
        (0..<inputCount).map { raw[index($0)] }, of: pulls.map { $0[c] })
      for map in 0..<inputCount { sums[index(map)] += Float(slopes[map]) }
    }
  }
}

/// How mixing weights are made to sum to about 1.
enum MixingNormalization: String, Hashable, Sendable {
  case relu, softmax

  fileprivate static let epsilon: Float = 1e-4
  /// What a weight that is not positive counts as once fused. Source: Darknet `network.c`.
  fileprivate static let floor: Float = 0.001

  func normalize(_ raw: [Float]) -> [Float] {
    let terms: [Float]
    switch self {
    case .relu:
      terms = raw.map { max($0, Self.floor) }
    case .softmax:
      let maximum = raw.max() ?? 0
      terms = raw.map { Float(exponential(Double($0 - maximum))) }
    }
    let sum = terms.reduce(Self.epsilon, +)
    return terms.map { $0 / sum }
  }
}

extension MixingNormalization {
  /// The gradient with respect to the raw weights of what depends on the normalised ones by `pulls`.
  func gradient(_ raw: [Float], of pulls: [Double]) -> [Double] {
    let weights = normalize(raw).map(Double.init)
    let mean = zip(weights, pulls).reduce(0) { $0 + $1.0 * $1.1 }
    switch self {
    case .softmax: return zip(weights, pulls).map { $0 * ($1 - mean) }
    case .relu:
      let sum = raw.reduce(Self.epsilon) { $0 + max($1, Self.floor) }
      return zip(raw, pulls).map { $0 > Self.floor ? ($1 - mean) / Double(sum) : 0 }
    }
  }
}

/// The whole-number ratio of two maps' sides: how far apart the elements are that meet.
struct MapRatio {
  let stride: Int
  let sample: Int

  init(_ source: Int, _ target: Int) {
    stride = max(1, source / target)
    sample = max(1, target / source)
  }

  /// Elements of the source that are met.
  func count(_ source: Int) -> Int { (source - 1) / stride + 1 }
  /// Elements of the target that are met.
  func other(_ target: Int) -> Int { (target - 1) / sample + 1 }
}
