import PenumbraCompute

/// Decides how each convolution of blocked tensors is computed.
///
/// Where bytes are asked for, bfloat16 takes their place in the layers that Winograd's makes faster
/// with it: it also rounds less. Weights are kept transformed where that is faster, the layers that
/// gain most for each byte first, until the budget is spent.
struct ChooseMethods: Pass {
  /// Bytes that transformed weights may take beyond the weights themselves.
  let budget: Int
  /// The method of every convolution that has a choice, whatever it costs.
  let only: ConvolutionMethod?

  func apply(to program: inout Program) {
    let kernels = Kernels.current
    var wishes: [WinogradWish<Int>] = []
    for step in program.steps.indices {
      guard let convolution = program.denseConvolution(step) else { continue }
      if convolution.products.format.reducedKernels == nil,
        StridedWinogradConvolution.suits(convolution.geometry)
      {
        if let only { program.setMethod(only, of: step) }
        if only == nil { wishes += Self.wish(ofStrided: convolution.geometry, step, kernels) }
        continue
      }
      if convolution.products.format == .int8, NumberFormat.int8.isSupported {
        if only == nil { wishes += Self.wish(toReplaceBytesOf: convolution, step, kernels) }
        continue
      }
      guard
        let cost = ConvolutionCost(
          convolution.geometry, kernels.shape, convolution.products.format)
      else { continue }
      if let only {
        program.setMethod(only, of: step)
        continue
      }
      let withoutMemory: ConvolutionMethod =
        cost.direct <= cost.transforming ? .direct : .winograd(keepsTransformed: false)
      program.setMethod(withoutMemory, of: step)
      guard cost.best == .winograd(keepsTransformed: true) else { continue }
      wishes.append(
        WinogradWish(
          of: step, order: step, gain: min(cost.direct, cost.transforming) - cost.keeping,
          bytes: WinogradWeights.keptBytes(
            convolution.geometry, kernels, wordChannels: convolution.wordChannels)))
    }
    for step in WinogradWish.granted(wishes, budget: budget) {
      program.setMethod(.winograd(keepsTransformed: true), of: step)
    }
  }

  /// Whether, for a convolution of bytes, Winograd's of bfloat16 would be faster.
  private static func wish(
    toReplaceBytesOf convolution: Convolution, _ step: Int, _ kernels: Kernels
  ) -> [WinogradWish<Int>] {
    let geometry = convolution.geometry
    guard NumberFormat.bf16.isSupported,
      let bytes = ConvolutionCost(geometry, kernels.shape, .int8),
      let halves = ConvolutionCost(geometry, kernels.shape, .bf16), halves.keeping < bytes.direct
    else { return [] }
    return [
      WinogradWish(
        of: step, order: step, gain: bytes.direct - halves.keeping,
        bytes: WinogradWeights.keptBytes(geometry, kernels, wordChannels: 2))
    ]
  }

  /// A convolution with stride 2, whose weights Winograd's always keeps transformed, where they make
  /// it faster.
  private static func wish(
    ofStrided geometry: ConvolutionGeometry, _ step: Int, _ kernels: Kernels
  ) -> [WinogradWish<Int>] {
    let gain = StridedWinogradConvolution.gain(geometry, kernels.shape)
    guard gain > 0 else { return [] }
    return [
      WinogradWish(
        of: step, order: step, gain: gain,
        bytes: StridedWinogradConvolution.keptBytes(geometry, kernels))
    ]
  }
}

extension Convolution.Products {
  /// Bytes have no Winograd kernels.
  fileprivate mutating func replaceBytes(for method: ConvolutionMethod) {
    if format == .int8, NumberFormat.int8.isSupported, method != .direct { self = .bf16 }
  }
}

extension Convolution {
  /// Channels in the memory of a float.
  fileprivate var wordChannels: Int { products.format.reducedKernels?.wordChannels ?? 1 }
}

extension Program {
  /// The convolution of a step whose tensors are blocked.
  fileprivate func denseConvolution(_ step: Int) -> Convolution? {
    let step = steps[step]
    guard self[step.output].layout == .blocked,
      step.inputs.first.map({ self[$0].layout }) == .blocked
    else { return nil }
    return step.convolution
  }

  fileprivate mutating func setMethod(_ method: ConvolutionMethod, of step: Int) {
    switch steps[step].operation {
    case var fused as ConvolveAndAdd:
      fused.convolution.method = method
      fused.convolution.products.replaceBytes(for: method)
      steps[step].operation = fused
    case var alone as Convolution:
      alone.method = method
      alone.products.replaceBytes(for: method)
      steps[step].operation = alone
    default: break
    }
  }

  /// Bytes of transformed weights beyond the weights themselves.
  public var transformedWeightBytes: Int {
    let kernels = Kernels.current
    return steps.indices.reduce(0) { sum, step in
      guard let convolution = denseConvolution(step),
        convolution.method == .winograd(keepsTransformed: true)
      else { return sum }
      guard convolution.geometry.strideX == 1 else {
        return saturatingSum(
          sum, StridedWinogradConvolution.keptBytes(convolution.geometry, kernels))
      }
      return saturatingSum(
        sum,
        WinogradWeights.keptBytes(
          convolution.geometry, kernels, wordChannels: convolution.wordChannels))
    }
  }
}
