import Penumbra
import TestSupport
import Testing

struct ShortcutTests {
  /// Layer 0 is the input, layer 1 twice the input pooled or repeated, then the shortcut.
  private func network(_ shape: Shape, _ middle: String, _ shortcut: String) throws -> TestNetwork {
    try TestNetwork(cfg(shape, "[dropout]\n\(middle)\n[shortcut]\n\(shortcut)"), weights: [])
  }

  @Test func `adds the even pixels of a map twice as large`() throws {
    let network = try network(Shape(1, 4, 4), "[maxpool]\nsize=2\nstride=2", "from=0")
    // Maxima 5 7 13 15, and the pixels 0 2 8 10 of the input.
    try expectResult(network, counting(16), [5, 9, 21, 25])
  }

  @Test func `adds a map half as large to the even pixels`() throws {
    let network = try network(Shape(1, 2, 2), "[upsample]\nstride=2", "from=0")
    let repeated: [Float] = [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]
    var expected = repeated
    for (place, value) in [(0, 1), (2, 2), (8, 3), (10, 4)] { expected[place] += Float(value) }
    try expectResult(network, [1, 2, 3, 4], expected)
  }

  @Test func `adds the channels that both maps have`() throws {
    let fewer = try network(Shape(3, 1, 1), "[maxout]\nout_channels=2", "from=0")
    try expectResult(fewer, [1, 2, 3], [3 + 1, 2 + 2])
    let more = try network(Shape(2, 1, 1), "[route]\nlayers=0,0", "from=0")
    try expectResult(more, [1, 2], [2, 4, 1, 2])
  }

  @Test func `adds several maps, and one of them twice`() throws {
    let network = try network(
      Shape(1, 1, 2), "[upsample]\nstride=1\nscale=10", "from=0,0,-1\nactivation=relu")
    try expectResult(network, [1, -2], [10 + 1 + 1 + 10, 0])
  }

  @Test func `gives relu-normalised weights at least a thousandth each`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(1, 1, 2),
        """
        [dropout]
        [upsample]
        stride=1
        scale=10
        [shortcut]
        from=0
        weights_type=per_feature
        weights_normalization=relu
        """), weights: [0.5, -3])
    let factor: Float = (0.5 * 10 + 0.001) / (1e-4 + 0.5 + 0.001)
    try expectResult(network, [1, 2], [factor, 2 * factor])
  }

  @Test func `mixes by softmax, channel by channel`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(2, 1, 1),
        """
        [dropout]
        [upsample]
        stride=1
        scale=10
        [shortcut]
        from=0
        weights_type=per_channel
        weights_normalization=softmax
        """), weights: [0, 1, 1, 1])
    // Channel 0 has raw weights 0 (the layer before) and 1, channel 1 twice 1.
    let low: Float = 0.36787944117  // e^(0 - 1)
    let first: Float = (low * 10 + 1) / (low + 1.0001)
    let second: Float = 22 / 2.0001
    try expectResult(network, [1, 2], [first, second])
  }
}
