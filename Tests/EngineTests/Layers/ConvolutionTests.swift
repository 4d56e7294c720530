import Penumbra
import TestSupport
import Testing

/// Convolutions against loops written from the specification, in double.
struct ConvolutionTests {
  /// A square kernel slid over `input`, zero outside it.
  private struct Naive {
    var input: Shape
    var filters = 1
    var size = 3
    var strideX = 1
    var strideY = 1
    var padding = 1
    var dilation = 1
    var groups = 1

    var height: Int { (input.height + 2 * padding - size) / strideY + 1 }
    var width: Int { (input.width + 2 * padding - size) / strideX + 1 }

    func callAsFunction(_ x: [Float], _ weights: [Float], bias: [Float]) -> [Float] {
      let channels = input.channels / groups
      var y: [Float] = []
      for f in 0..<filters {
        for i in 0..<height {
          for j in 0..<width {
            var sum = Double(bias[f])
            for c in 0..<channels {
              for ky in 0..<size {
                for kx in 0..<size {
                  let v = i * strideY - padding * dilation + ky * dilation
                  let u = j * strideX - padding * dilation + kx * dilation
                  guard (0..<input.height).contains(v), (0..<input.width).contains(u) else {
                    continue
                  }
                  let channel = f / (filters / groups) * channels + c
                  sum +=
                    Double(weights[((f * channels + c) * size + ky) * size + kx])
                    * Double(x[(channel * input.height + v) * input.width + u])
                }
              }
            }
            y.append(Float(sum))
          }
        }
      }
      return y
    }
  }

  private struct Numbers {
    var generator = SeededGenerator(seed: 3)
    mutating func some(_ count: Int) -> [Float] { generator.floats(count) }
  }

  @Test(arguments: [
    ("size=3\npad=1\nstride_x=2\nstride_y=3", 3, 2, 3, 1, 1, 1),
    ("size=3\npad=1\nstride=2\nstride_x=-1", 3, 2, 2, 1, 1, 1),
    ("size=4\npadding=1", 4, 1, 1, 1, 1, 1),
    ("size=1\npadding=2", 1, 1, 1, 2, 1, 1),
    ("size=1\nstride_y=2", 1, 1, 2, 0, 1, 1),
    ("size=3\npad=1\ndilation=2", 3, 1, 1, 1, 2, 1),
    ("size=3\npad=1\ngroups=2", 3, 1, 1, 1, 1, 2),
    ("size=3\npad=1\ngroups=4", 3, 1, 1, 1, 1, 4),
    ("size=5\npad=1\nstride=2\ngroups=4", 5, 2, 2, 2, 1, 4),
  ])
  func `computes the cross-correlation of the specification`(
    keys: String, size: Int, strideX: Int, strideY: Int, padding: Int, dilation: Int, groups: Int
  ) throws {
    let shape = Shape(4, 7, 9)
    var numbers = Numbers()
    let (bias, weights) = (numbers.some(8), numbers.some(8 * 4 / groups * size * size))
    let input = numbers.some(shape.count)
    let naive = Naive(
      input: shape, filters: 8, size: size, strideX: strideX, strideY: strideY, padding: padding,
      dilation: dilation, groups: groups)
    let network = try TestNetwork(
      cfg(shape, "[convolutional]\nfilters=8\nactivation=linear\n\(keys)"),
      weights: bias + weights)
    try expectResult(network, input, naive(input, weights, bias: bias))
  }

  @Test func `normalises by rolling statistics, then scales, adds the bias and activates`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(1, 1, 3), "[convolutional]\nfilters=1\nbatch_normalize=1\nactivation=leaky"),
      weights: [0.5, 2, 1, 4 - 1e-5, 3])  // bias, scale, mean, variance, weight
    // (3x - 1) / 2 * 2 + 0.5
    try expectResult(network, [1, 2, 0], [2.5, 5.5, -0.05])
  }

  @Test func `shares the weights of another convolution`() throws {
    let sections = """
      [convolutional]
      filters=2
      size=3
      pad=1
      activation=linear
      [convolutional]
      filters=2
      size=3
      pad=1
      activation=linear
      share_index=0
      """
    let shape = Shape(2, 4, 5)
    var numbers = Numbers()
    let (bias, weights, input) = (numbers.some(2), numbers.some(36), numbers.some(shape.count))
    let naive = Naive(input: shape, filters: 2)
    let network = try TestNetwork(cfg(shape, sections), weights: bias + weights)
    let once = naive(input, weights, bias: bias)
    try expectResult(network, input, naive(once, weights, bias: bias))
  }

  @Test func `reads flipped weights inputs first`() throws {
    let shape = Shape(3, 2, 2)
    var numbers = Numbers()
    let (bias, weights, input) = (numbers.some(2), numbers.some(6), numbers.some(shape.count))
    // Stored as 3 rows of 2 filters.
    let stored = [0, 3, 1, 4, 2, 5].map { weights[$0] }
    let network = try TestNetwork(
      cfg(shape, "[convolutional]\nfilters=2\nactivation=linear\nflipped=1"),
      weights: bias + stored)
    var naive = Naive(input: shape, filters: 2, size: 1)
    naive.padding = 0
    try expectResult(network, input, naive(input, weights, bias: bias))
  }

  private static let smooth: [Float] = [1, 2, 1, 2, 4, 2, 1, 2, 1].map { $0 / 16 }
  private static let mean: [Float] = [0.25, 0.25, 0.25, 0.25]

  @Test(arguments: [(1, 3, 1, smooth), (2, 2, 0, mean)])
  func `antialiasing convolves with stride 1, activates, then blurs with the stride`(
    kind: Int, size: Int, padding: Int, kernel: [Float]
  ) throws {
    let shape = Shape(2, 7, 9)
    var numbers = Numbers()
    let (bias, weights, input) = (numbers.some(2), numbers.some(36), numbers.some(shape.count))
    let convolved = Naive(input: shape, filters: 2)(input, weights, bias: bias)
      .map { $0 > 0 ? $0 : 0.1 * $0 }
    var blur = Naive(input: shape, filters: 2, size: size, strideX: 2, strideY: 2)
    (blur.padding, blur.groups) = (padding, 2)
    let blurred = blur(convolved, kernel + kernel, bias: [0, 0])
    let sections = """
      [convolutional]
      filters=2
      size=3
      pad=1
      stride=2
      activation=leaky
      antialiasing=\(kind)
      """
    let network = try TestNetwork(cfg(shape, sections), weights: bias + weights)
    #expect(network.graph.nodes[0].layer.output == Shape(2, blur.height, blur.width))
    try expectResult(network, input, blurred)

    // A route over it sees the size after the blur.
    let routed = try TestNetwork(
      cfg(shape, sections + "\n[avgpool]\n[route]\nlayers=0,0"), weights: bias + weights)
    try expectResult(routed, input, blurred + blurred)
  }

  @Test func `antialiasing pools with stride 1, then blurs with the stride`() throws {
    let network = try TestNetwork(
      cfg(Shape(1, 4, 4), "[maxpool]\nsize=2\nstride=2\nantialiasing=2"), weights: [])
    // Stride 1 and padding 1 at the right: the maxima of a counting map are one row and column on.
    let pooled: [Float] = [5, 6, 7, 7, 9, 10, 11, 11, 13, 14, 15, 15, 13, 14, 15, 15]
    var blur = Naive(input: Shape(1, 4, 4), size: 2, strideX: 2, strideY: 2)
    blur.padding = 0
    try expectResult(
      network, counting(16), blur(pooled, [0.25, 0.25, 0.25, 0.25], bias: [0]))
  }

  @Test func `local convolutions have weights and a bias for every place`() throws {
    let weights: [Float] = [
      10, 20, 30, 40,  // biases: filter 0 at both places, then filter 1
      1, 0, 0, 0, 0, 1, 0, 0,  // place 0: filters 0 and 1
      0, 0, 1, 0, 0, 0, 0, 1,  // place 1
    ]
    let network = try TestNetwork(
      cfg(Shape(1, 2, 3), "[local]\nfilters=2\nsize=2\nactivation=linear"), weights: weights)
    // 0 1 2 / 3 4 5: place 0 sees 0 1 3 4, place 1 sees 1 2 4 5.
    let expected: [Float] = [10 + 0, 20 + 4, 30 + 1, 40 + 5]
    try expectResult(network, counting(6), expected)
  }

  @Test func `local convolutions pad by pixels`() throws {
    let network = try TestNetwork(
      cfg(Shape(1, 2, 2), "[local]\nfilters=1\nsize=3\npad=1\nactivation=linear"),
      weights: Array(repeating: 0, count: 4) + Array(repeating: 1, count: 36))
    try expectResult(network, [1, 2, 3, 4], [10, 10, 10, 10])
  }

  @Test func `connected layers multiply the flattened input`() throws {
    let network = try TestNetwork(
      cfg(Shape(2, 1, 2), "[connected]\noutput=2\nactivation=relu"),
      weights: [0.5, -100, 1, 2, 3, 4, 1, 1, 1, 1])
    try expectResult(network, [1, 2, 3, 4], [30.5, 0])
  }

  @Test func `connected layers normalise as convolutions do`() throws {
    let network = try TestNetwork(
      cfg(Shape(1, 1, 2), "[connected]\noutput=1\nbatch_normalize=1\nactivation=linear"),
      weights: [0.5, 1, 2, 2, 1, 4 - 1e-5])  // bias, matrix, scale, mean, variance
    try expectResult(network, [1, 2], [4.5])  // (5 - 1) / 2 * 2 + 0.5
  }
}
