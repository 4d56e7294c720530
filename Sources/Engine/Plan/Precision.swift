import PenumbraCompute

/// In what the convolutions of a network multiply. Tensors between layers are floats whatever it is.
public enum Precision: Sendable {
  /// Floats of 32 bits.
  case fp32
  /// bfloat16, the upper half of a float, with sums in floats; needs AVX512_BF16.
  case bf16
  /// Unsigned bytes times signed ones, with sums in 32-bit integers; needs AVX512_VNNI. The
  /// calibration knows the range of each convolution's input.
  case int8(Calibration)

  public var format: NumberFormat {
    switch self {
    case .fp32: .fp32
    case .bf16: .bf16
    case .int8: .int8
    }
  }
}

/// The numbers that a kernel multiplies.
public enum NumberFormat: String, CaseIterable, Codable, Sendable {
  case fp32, bf16, int8

  /// Whether this machine has the instructions for it, and the limit on instruction sets allows
  /// them. Where it has not, convolutions are computed in fp32.
  public var isSupported: Bool { self == .fp32 || reducedKernels != nil }

  /// The instructions it needs, for messages.
  public var instructions: String {
    switch self {
    case .fp32: "nothing"
    case .bf16: "AVX512_BF16"
    case .int8: "AVX512_VNNI"
    }
  }

  var reducedKernels: ReducedKernels? {
    switch self {
    case .fp32: return nil
    case .bf16: return ReducedKernels(ELEMENT_BF16)
    case .int8: return ReducedKernels(ELEMENT_INT8)
    }
  }
}

/// The smallest and the largest value that are told apart; what lies beyond is clipped.
public struct ValueRange: Codable, Hashable, Sendable {
  public var low: Float
  public var high: Float

  public init(low: Float, high: Float) {
    self.low = low
    self.high = high
  }
}

/// Says of each convolution in what it multiplies: the first one and those that a head reads in
/// fp32, because errors there are the input's or the boxes' own; the others as asked for.
struct ChoosePrecision: Pass {
  private let products: [Int: Convolution.Products]
  /// The first convolution whose input the calibration does not know; it stays in fp32.
  let uncalibrated: Int?

  init(_ graph: Graph, _ options: PlanOptions) {
    let kept = options.fp32Layers.map(Set.init) ?? graph.endLayers
    var products: [Int: Convolution.Products] = [:]
    var uncalibrated: Int?
    for (index, node) in graph.nodes.enumerated()
    where node.layer is Convolutional && !kept.contains(index) {
      switch options.precision {
      case .fp32: continue
      case .bf16: products[index] = .bf16
      case .int8(let calibration):
        if let range = calibration.range(ofInputTo: index) {
          products[index] = .int8(input: range)
        } else {
          uncalibrated = uncalibrated ?? index
        }
      }
    }
    self.uncalibrated = uncalibrated
    self.products = products
  }

  func apply(to program: inout Program) {
    for (index, step) in program.steps.enumerated() {
      guard var convolution = step.operation as? Convolution, case .parameter = convolution.weights,
        let products = products[step.layer]
      else { continue }
      convolution.products = products
      program.steps[index].operation = convolution
    }
  }
}

extension Graph {
  /// The convolutions that read the network's input, and those that heads, or else the network's
  /// output, are made of without another between.
  var endLayers: Set<Int> {
    var found = Set(nodes.indices.filter { nodes[$0].layer.inputs.contains { $0.layer < 0 } })
    let ends = heads.map(\.layer)
    for end in ends.isEmpty ? [outputLayer] : ends {
      var layer = end
      while layer >= 0, !(nodes[layer].layer is Convolutional), nodes[layer].layer.inputs.count == 1
      { layer = nodes[layer].layer.inputs[0].layer }
      if layer >= 0 { found.insert(layer) }
    }
    return found
  }
}
