import Foundation
import PenumbraCompute
import Testing

struct ActivationTests {
  private static let points: [Float] = [-3, -1, -0.5, 0, 0.5, 1, 3]

  /// The table of the specification, and rows for the names it leaves out.
  @Test(arguments: [
    (Activation.leaky, [-0.3, -0.1, -0.05, 0, 0.5, 1, 3] as [Float]),
    (.revleaky, [-0.3, -0.1, -0.05, 0, 0.5, 1, 3]),
    (.mish, [-0.145647, -0.303401, -0.220744, 0, 0.375245, 0.865098, 2.986535]),
    (.hardMish, [0, -0.5, -0.375, 0, 0.5, 1, 3]),
    (.swish, [-0.142278, -0.268941, -0.188770, 0, 0.311230, 0.731059, 2.857722]),
    (.gelu, [-0.003637, -0.158808, -0.154286, 0, 0.345714, 0.841192, 2.996363]),
    (.elu, [-0.950213, -0.632121, -0.393469, 0, 0.5, 1, 3]),
    (.selu, [-1.670504, -1.111288, -0.691731, 0, 0.525350, 1.050700, 3.152100]),
    (.logistic, [0.047426, 0.268941, 0.377541, 0.5, 0.622459, 0.731059, 0.952574]),
    (.loggy, [-0.905148, -0.462117, -0.244919, 0, 0.244919, 0.462117, 0.905148]),
    (.tanh, [-0.995055, -0.761594, -0.462117, 0, 0.462117, 0.761594, 0.995055]),
    (.ramp, [-0.3, -0.1, -0.05, 0, 0.55, 1.1, 3.3]),
    (.relie, [-0.03, -0.01, -0.005, 0, 0.5, 1, 3]),
    (.plse, [0.125, 0.375, 0.4375, 0.5, 0.5625, 0.625, 0.875]),
    (.stair, [-2, -1, -0.5, 0, 0, 0, 1]),
    (.lhtan, [-0.003, -0.001, -0.0005, 0, 0.5, 1, 1.002]),
    (.linear, points),
    (.relu, [0, 0, 0, 0, 0.5, 1, 3]),
    (.relu6, [0, 0, 0, 0, 0.5, 1, 3]),
    (.hardtan, [-1, -1, -0.5, 0, 0.5, 1, 1]),
  ])
  func `agrees with the vectors of the specification`(activation: Activation, expected: [Float]) {
    #expect(
      excess(Self.points.map { Float(activation(Double($0))) }, expected, absolute: 1e-6) == 0)
    for isa in everyTier {
      let got = apply(activation, to: Self.points, on: isa)
      #expect(excess(got, expected, absolute: 1e-6) == 0, "\(isa): \(got)")
    }
  }

  @Test(arguments: Activation.allCases)
  func `gives the same bits at any length and offset, in place or not`(activation: Activation) {
    let inputs = noise(70, seed: 3, scale: 9)
    for isa in everyTier {
      let whole = apply(activation, to: inputs, on: isa)
      for length in 0...70 {
        var x = Guarded(Array(inputs[..<length]), offset: length % 5)
        var y = Guarded(count: length, offset: length % 3)
        x.withPointer { x in
          y.withPointer { Kernels(upTo: isa).activate(activation, x, into: $0, count: length) }
          Kernels(upTo: isa).activate(activation, x, into: x, count: length)
        }
        #expect(y.values == Array(whole[..<length]), "\(isa), \(length) values")
        #expect(x.values == y.values, "\(isa), \(length) values in place")
        #expect(x.isIntact && y.isIntact, "\(isa), \(length) values")
      }
    }
  }

  /// Bounds in ulp of the result, and absolute ones for formulas that cancel. Below 2e-36 the factor
  /// e^-|x| is no normal number and may be taken as 0.
  @Test(arguments: [
    (Activation.linear, 0, 0), (.logistic, 4, 0), (.loggy, 3, 0), (.relu, 0, 0), (.relu6, 0, 0),
    (.elu, 1.5, 0), (.selu, 3, 0), (.gelu, 3, 1e-6), (.relie, 1, 0), (.ramp, 1, 0), (.leaky, 1, 0),
    (.revleaky, 1, 0), (.tanh, 3, 0), (.plse, 1, 1e-7), (.stair, 0.5, 1e-7), (.hardtan, 0, 0),
    (.lhtan, 1.5, 0), (.swish, 4, 0), (.mish, 5, 0), (.hardMish, 1, 1e-7),
  ])
  func `stays near the formula in double`(activation: Activation, ulps: Double, absolute: Double) {
    for isa in everyTier {
      let worst = worstError(of: apply(activation, to: Self.sweep, on: isa)) { x, got in
        let expected = activation(Double(x))
        return (abs(Double(got) - expected) - absolute - 2e-36) / ulp(of: expected)
      }
      #expect(worst.ulps <= ulps, "\(isa): \(worst.ulps) ulp at \(worst.x)")
    }
  }

  @Test func `stays within two ulp of the exponential`() {
    for isa in everyTier {
      let inputs = Self.sweep.filter { $0 > -87.33 }
      var y = [Float](repeating: 0, count: inputs.count)
      Kernels(upTo: isa).exponential(inputs, into: &y, count: y.count)
      let worst = worstError(of: y, at: inputs) { x, got in
        let expected = exp(Double(x))
        if expected > Double(Float.greatestFiniteMagnitude) {
          return got == .infinity ? 0 : .infinity
        }
        return abs(Double(got) - expected) / ulp(of: expected)
      }
      #expect(worst.ulps <= 2, "\(isa): \(worst.ulps) ulp at \(worst.x)")
    }
  }

  @Test func `underflows to zero and overflows to infinity in the exponential`() {
    let inputs: [Float] = [-.infinity, -1000, -104, -90, 0, 88.72, 88.73, 1000, .infinity, .nan]
    for isa in everyTier {
      var y = [Float](repeating: 0, count: inputs.count)
      Kernels(upTo: isa).exponential(inputs, into: &y, count: y.count)
      #expect(y[0] == 0 && y[1] == 0 && y[2] == 0)
      #expect(abs(y[3] - 0x8.ecdep-133) < 0x1p-140)
      #expect(y[4] == 1 && y[5].isFinite)
      #expect(y[6] == .infinity && y[7] == .infinity && y[8] == .infinity && y[9].isNaN)
    }
  }

  @Test(arguments: Activation.allCases)
  func `reaches its limits and keeps NaN`(activation: Activation) {
    let inputs: [Float] = [
      .infinity, -.infinity, 3e38, -3e38, 1e20, -1e20, 1e5, -1e5, 89, -89, 104, -104, 0x1p-130,
      -0x1p-130,
      -0.0, .nan, -.nan,
    ]
    let expected = inputs.map { Float(activation(Double($0))) }
    for isa in everyTier {
      let got = apply(activation, to: inputs, on: isa)
      #expect(
        excess(got, expected, absolute: 1e-36, relative: 1e-6) == 0, "\(isa): \(got) \(expected)")
      #expect(got[15].isNaN && got[16].isNaN)
    }
  }

  @Test(arguments: [Activation.linear, .leaky, .mish, .logistic])
  func `fuses scale and bias of each channel`(activation: Activation) {
    let scale = noise(3, seed: 5)
    let bias = noise(3, seed: 6)
    for isa in everyTier {
      for count in [1, 7, 16, 33, 70] {
        for (scale, bias) in [(scale, bias), (nil, bias), (scale, nil), (nil, nil)] {
          let x = noise(3 * 75, seed: 4, scale: 5)
          var got = Guarded(count: 3 * 71)
          var expected = [Float](repeating: .signalingNaN, count: 3 * 71)
          got.withPointer {
            Kernels(upTo: isa).activate(
              activation, x, rowStride: 75, into: $0, rowStride: 71, scale: scale, bias: bias,
              channels: 3, count: count)
          }
          Reference.activate(
            activation, x, rowStride: 75, into: &expected, rowStride: 71, scale: scale, bias: bias,
            channels: 3, count: count)
          #expect(
            excess(got.values, expected, absolute: 2e-6, relative: 1e-6) == 0, "\(isa), \(count)")
          #expect(got.isIntact)
        }
      }
    }
  }

  // MARK: Setup

  /// Every magnitude from denormal to the largest, and densely where the functions bend.
  private static let sweep: [Float] = {
    let dense = (-90_000...90_000).map { Float($0) * 1.0013e-3 }
    let denser = (-40_000...40_000).map { Float($0) * 1.007e-4 }
    let magnitudes = (-126...20).flatMap { power in
      (0..<16).map { Float(sign: .plus, exponent: power, significand: 1 + Float($0) / 16) }
    }
    return dense + denser + magnitudes + magnitudes.map(-)
  }()

  private func apply(_ activation: Activation, to x: [Float], on isa: InstructionSet) -> [Float] {
    var y = [Float](repeating: .signalingNaN, count: x.count)
    Kernels(upTo: isa).activate(activation, x, into: &y, count: x.count)
    return y
  }

  private func worstError(
    of got: [Float], at inputs: [Float] = sweep, _ error: (Float, Float) -> Double
  ) -> (x: Float, ulps: Double) {
    zip(inputs, got).reduce((0, 0)) { worst, pair in
      let ulps = error(pair.0, pair.1)
      return ulps <= worst.1 ? worst : (pair.0, ulps)
    }
  }

  /// The distance of floats around `value`, that of the smallest normal number at least.
  private func ulp(of value: Double) -> Double {
    Double(max(abs(Float(value)), .leastNormalMagnitude).ulp)
  }
}
