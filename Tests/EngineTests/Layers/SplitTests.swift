import Penumbra
import TestSupport
import Testing

/// `[partial]`, `[maxout]` and what else divides or joins channels.
struct SplitTests {
  @Test(arguments: [
    ("ratio=0.5\ntake=bypass", 0..<2),
    ("ratio=0.5\ntake=block", 2..<4),
    ("channels=1\ntake=bypass", 0..<1),
    ("channels=1\ntake=block", 1..<4),
    ("ratio=0.25\ntake=block", 1..<4),
    ("ratio=0.4\ntake=bypass", 0..<2),  // 1.6 channels, rounded
    ("ratio=0.3\ntake=block", 1..<4),  // 1.2 channels, rounded
  ])
  func `partial takes one share of the channels`(keys: String, channels: Range<Int>) throws {
    let network = try TestNetwork(cfg(Shape(4, 1, 3), "[dropout]\n[partial]\n\(keys)"), weights: [])
    let input = counting(12)
    try expectResult(
      network, input, Array(input[channels.lowerBound * 3..<channels.upperBound * 3]))
  }

  @Test func `partial splits the layer that from names`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(2, 1, 2),
        """
        [dropout]
        [avgpool]
        [partial]
        from=0
        channels=1
        take=block
        """), weights: [])
    try expectResult(network, [1, 2, 3, 4], [3, 4])
  }

  @Test func `partial and route groups copy nothing`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(4, 2, 2),
        """
        [convolutional]
        filters=8
        activation=leaky
        [partial]
        ratio=0.5
        take=bypass
        [route]
        layers=-2
        groups=2
        group_id=1
        [convolutional]
        filters=4
        activation=leaky
        [route]
        layers=-1,-3
        """))
    let plan = try Plan(
      network.graph, weights: network.weights, options: PlanOptions(backend: BlasBackend()))
    #expect(plan.copiedBytes == 0)
  }

  @Test(arguments: [
    ("pieces=2", 4, [2, 3]),  // channels 0 and 2 compete, and 1 and 3
    ("pieces=4", 4, [3]),
    ("out_channels=2", 5, [4, 3]),  // 0, 2, 4 and 1, 3
    ("out_channels=3", 5, [3, 4, 2]),
    ("pieces=2", 5, [3, 4, 2]),  // an incomplete set: 3 outputs
    ("out_channels=1", 3, [2]),
  ])
  func `maxout keeps the largest of the channels that compete`(
    keys: String, channels: Int, winners: [Int]
  ) throws {
    let network = try TestNetwork(cfg(Shape(channels, 1, 2), "[maxout]\n\(keys)"), weights: [])
    // Channel c holds c and -c: the second pixel is won by the lowest channel of each set.
    let input = (0..<channels).flatMap { [Float($0), -Float($0)] }
    let expected = winners.enumerated().flatMap { [Float($1), -Float($0)] }
    try expectResult(network, input, expected)
  }

  @Test func `route cuts each input by itself`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(2, 1, 2),
        """
        [dropout]
        [upsample]
        stride=1
        scale=10
        [route]
        layers=0,1
        groups=2
        group_id=1
        """), weights: [])
    try expectResult(network, [1, 2, 3, 4], [3, 4, 30, 40])
  }
}
