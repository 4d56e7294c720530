import PenumbraCompute
import Testing

/// The derivatives of activations against their formulas in double.
struct ActivationGradientTests {
  /// A sweep with the corners of all activations in it, of a length that fills no register.
  private static let inputs: [Float] =
    (-601...600).map { Float($0) / 40 } + [-1e30, 1e30, -120, 120, -90, 90, 1e-20]

  @Test(arguments: Activation.allCases)
  func `every derivative follows its formula on every instruction set`(activation: Activation) {
    let x = Self.inputs
    let dy = x.indices.map { Float($0 % 5) - 2.5 }
    for kernels in InstructionSet.allCases.map({ Kernels(upTo: $0) }) {
      var plain = Array(repeating: Float.nan, count: x.count)
      kernels.activationGradient(activation, x, dy, into: &plain, count: x.count, adds: false)
      var added = Array(repeating: Float(3), count: x.count)
      kernels.activationGradient(activation, x, dy, into: &added, count: x.count, adds: true)
      for i in x.indices {
        let expected = activation.slope(Double(x[i])) * Double(dy[i])
        let error = abs(Double(plain[i]) - expected)
        #expect(
          error <= 2e-6 * max(1, abs(expected)),
          "\(activation) at \(x[i]) on \(kernels.instructionSet): \(plain[i]), not \(expected)")
        #expect(abs(added[i] - plain[i] - 3) <= 1e-6 * max(3, abs(plain[i])))
      }
    }
  }
}
