import Foundation
import Penumbra
import TestSupport
import Testing

/// Activations, normalisations and attention.
struct ElementwiseTests {
  @Test(
    arguments: [
      ("relu6", [-3, -0.5, 0.5, 3, 7], [0, 0, 0.5, 3, 6]),
      ("leaky", [-3, -0.5, 0.5, 3, 7], [-0.3, -0.05, 0.5, 3, 7]),
      ("mish", [-3, -1, 0, 1, 3], [-0.145647, -0.303401, 0, 0.865098, 2.986535]),
      ("swish", [-3, -1, 0, 1, 3], [-0.142278, -0.268941, 0, 0.731059, 2.857722]),
      ("hard_mish", [-3, -1, -0.5, 1, 3], [0, -0.5, -0.375, 1, 3]),
      ("stair", [-3, -1, -0.5, 1, 3], [-2, -1, -0.5, 0, 1]),
    ] as [(String, [Float], [Float])])
  func `activations give the specification's values in every section`(
    name: String, input: [Float], expected: [Float]
  ) throws {
    for section in [
      "[activation]", "[convolutional]", "[shortcut]\nfrom=0", "[sam]\nfrom=0",
    ] {
      // A factor that the section applies before the activation is taken out by scaling the input.
      let isSum = section.hasPrefix("[shortcut]")
      let isProduct = section.hasPrefix("[sam]")
      let sections =
        isProduct
        ? "[dropout]\n[implicit]\nfilters=1\natoms=5\n[sam]\nfrom=0\nactivation=\(name)"
        : "[dropout]\n\(section)\nactivation=\(name)"
      // [implicit] makes one column, so the map is one as well.
      let network = try TestNetwork(
        cfg(Shape(1, 5, 1), sections),
        weights: isProduct ? [1, 1, 1, 1, 1] : section == "[convolutional]" ? [0, 1] : [])
      for backend in everyBackend {
        let got = try network.result(input.map { isSum ? $0 / 2 : $0 }, backend: backend)
        #expect(
          worstError(got, expected, absolute: 2e-6) <= 1,
          "\(section) on \(backend.name) computes \(got)")
      }
    }
  }

  @Test(
    arguments: [
      ("normalize_channels", [0.24999375, 0, 0.74998125]),
      ("normalize_channels_softmax_maxval", [0.117300, 0.015875, 0.866738]),
      ("normalize_channels_softmax", [0.11730992, 0.01587617, 0.86680960]),
    ] as [(String, [Double])])
  func `channel normalisers divide each pixel by the sum of its channels`(
    name: String, expected: [Double]
  ) throws {
    for section in ["[activation]", "[convolutional]\nfilters=3"] {
      let identity: [Float] = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1]
      let network = try TestNetwork(
        cfg(Shape(3, 1, 2), "\(section)\nactivation=\(name)"),
        weights: section == "[activation]" ? [] : identity)
      try expectResult(
        network, [1, 3, -1, 1, 3, -1],
        expected.indices.flatMap { [Float(expected[$0]), Float(expected[[2, 0, 1][$0]])] })
    }
  }

  @Test(
    arguments: [
      ("", [0.09003057, 0.24472847, 0.66524096, 0, 0, 0]),
      ("temperature=2", []),
      ("groups=2", []),
    ] as [(String, [Float])])
  func `softmax sums to 1, group by group`(keys: String, _: [Float]) throws {
    let input: [Float] = [1, 2, 3, -1, 0, 40]
    let network = try TestNetwork(cfg(Shape(6, 1, 1), "[softmax]\n\(keys)"), weights: [])
    let temperature = keys.hasPrefix("temperature") ? 2.0 : 1
    let groups = keys.hasPrefix("groups") ? [0..<3, 3..<6] : [0..<6]
    let expected = groups.flatMap { group in
      let terms = group.map { exp((Double(input[$0]) - 40) / temperature) }
      return terms.map { Float($0 / terms.reduce(0, +)) }
    }
    try expectResult(network, input, expected)
  }

  @Test func `softmax with a tree sums to 1 among siblings`() throws {
    // Two roots, then three children of the first; two inputs belong to no class.
    let folder = FileManager.default.temporaryDirectory.path + "/penumbra-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "animal -1\nplant -1\ncat 0\ndog 0\nbird 0\n".write(
      toFile: folder + "/t.tree", atomically: true, encoding: .utf8)
    let graph = try Graph(
      CfgFile(
        text: cfg(Shape(7, 1, 1), "[softmax]\ntree=t.tree"), name: folder + "/test.cfg"))
    let network = TestNetwork(graph: graph, weights: try Weights(seed: 1, for: graph))
    let third: Float = 1 / 3
    try expectResult(network, [3, 3, 1, 1, 1, 8, 9], [0.5, 0.5, third, third, third, 8, 9])

    var session = try Session(Plan(graph, weights: network.weights))
    session.withInput { _ = $0.update(fromContentsOf: [3, 3, 1, 1, 1, 8, 9]) }
    session.run()
    // A class is as probable as its parent allows.
    let scores = try session.scores()
    #expect(abs((scores.first { $0.classIndex == 2 }?.score ?? 0) - 1 / 6) < 1e-6)
  }

  @Test func `batchnorm normalises each channel`() throws {
    let network = try TestNetwork(
      cfg(Shape(2, 1, 2), "[batchnorm]"),
      weights: [0.5, 1, 2, 3, 1, 0, 4 - 1e-5, 1 - 1e-5])  // biases, scales, means, variances
    try expectResult(network, [1, 3, 1, 2], [0.5, 2.5, 4, 7])
  }

  @Test func `lrn leaves out one neighbour as Darknet does`() throws {
    let network = try TestNetwork(
      cfg(Shape(4, 1, 1), "[normalization]\nsize=5\nalpha=1\nbeta=1\nkappa=2"), weights: [])
    // N0 = 2 + 1 + 4, N1 = N0 + 16, N2 = N1 (nothing left to add), N3 = N2 - 1.
    let expected: [Float] = [1 / 7, 2 / 23, 3 / 23, 4 / 22]
    try expectResult(network, [1, 2, 3, 4], expected)
  }

  @Test func `scale_channels multiplies every channel by its scale`() throws {
    let network = try TestNetwork(
      cfg(Shape(2, 1, 2), "[dropout]\n[avgpool]\n[scale_channels]\nfrom=0\nactivation=relu"),
      weights: [])
    try expectResult(network, [1, 3, -1, -3], [2, 6, 2, 6])
  }

  @Test func `scale_channels with scale_wh multiplies every pixel by its scale`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(2, 2, 2),
        "[dropout]\n[maxout]\nout_channels=1\n[scale_channels]\nfrom=0\nscale_wh=1"),
      weights: [])
    try expectResult(
      network, [1, 2, 3, 4, 5, 1, 1, 1], [5, 4, 9, 16, 25, 2, 3, 4])
  }

  @Test func `implicit constants scale channels`() throws {
    let network = try TestNetwork(
      cfg(Shape(2, 1, 2), "[dropout]\n[implicit]\nfilters=2\n[scale_channels]\nfrom=0"),
      weights: [10, -1])
    try expectResult(network, [1, 2, 3, 4], [10, 20, -3, -4])
  }

  @Test func `implicit constants are added, the same to every image`() throws {
    let network = try TestNetwork(
      cfg(Shape(2, 2, 1), "[dropout]\n[implicit]\nfilters=2\natoms=2\n[shortcut]\nfrom=0"),
      weights: [10, 20, 30, 40])
    try expectResult(network, [1, 2, 3, 4], [11, 22, 33, 44])
    for backend in everyBackend {
      let found = try network.run(
        [[1, 2, 3, 4], [0, 0, 0, 0]], PlanOptions(backend: backend))
      #expect(found.map { $0[2] } == [[11, 22, 33, 44], [10, 20, 30, 40]])
    }
  }
}
