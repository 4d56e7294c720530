import Penumbra
import TestSupport
import Testing

/// Layers that move elements without weights.
struct MovementTests {
  @Test(arguments: [("", 2, -1), ("noadjust=1\n", 1, 0)] as [(String, Float, Float)])
  func `crop takes the middle, and maps it to -1 to 1 unless told not to`(
    keys: String, scale: Float, shift: Float
  ) throws {
    let network = try TestNetwork(
      cfg(Shape(1, 4, 5), "[crop]\ncrop_height=2\ncrop_width=2\n\(keys)"), weights: [])
    // Rows 1 and 2, columns 1 and 2: (4 - 2) / 2 and (5 - 2) / 2.
    try expectResult(network, counting(20), [6, 7, 11, 12].map { scale * $0 + shift })
  }

  @Test func `upsample with a negative stride sums blocks`() throws {
    let network = try TestNetwork(
      cfg(Shape(1, 4, 5), "[upsample]\nstride=-2\nscale=0.5"), weights: [])
    // 0 + 1 + 5 + 6, 2 + 3 + 7 + 8, ...; the fifth column is left over.
    try expectResult(network, counting(20), [6, 10, 26, 30])
  }

  @Test func `upsample repeats and scales`() throws {
    let network = try TestNetwork(cfg(Shape(1, 1, 2), "[upsample]\nstride=2\nscale=3"), weights: [])
    try expectResult(network, [1, 2], [3, 3, 6, 6, 3, 3, 6, 6])
  }

  @Test(
    arguments: [
      ("[reorg]", [0, 2, 8, 10, 1, 3, 9, 11, 4, 6, 12, 14, 5, 7, 13, 15]),
      ("[reorg3d]", [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15]),
    ] as [(String, [Float])])
  func `reorg orders channels as the specification's example does`(
    section: String, expected: [Float]
  ) throws {
    let network = try TestNetwork(cfg(Shape(4, 2, 2), "\(section)\nstride=2"), weights: [])
    try expectResult(network, counting(16), expected)
  }

  @Test(arguments: [
    ("[reorg3d]\nstride=2\n[reorg3d]\nstride=2\nreverse=1", Shape(4, 4, 6)),
    // The reverse of [reorg] undoes [reorg3d]: a correct depth to space.
    ("[reorg3d]\nstride=2\n[reorg]\nstride=2\nreverse=1", Shape(4, 4, 6)),
    ("[reorg3d]\nstride=3\n[reorg3d]\nstride=3\nreverse=1", Shape(2, 3, 9)),
  ])
  func `reorg reversed gives back what reorg3d was given`(sections: String, shape: Shape) throws {
    let network = try TestNetwork(cfg(shape, sections), weights: [])
    try expectResult(network, counting(shape.count), counting(shape.count))
  }

  @Test func `avgpool and local_avgpool count only what is there`() throws {
    let whole = try TestNetwork(cfg(Shape(2, 1, 2), "[avgpool]"), weights: [])
    try expectResult(whole, [1, 3, 10, 20], [2, 15])
    // Padding 3, offset -1: rows and columns -1...2, of which three are there.
    let local = try TestNetwork(
      cfg(Shape(1, 4, 4), "[local_avgpool]\nsize=4\nstride=4"), weights: [])
    try expectResult(local, counting(16), [5])
  }

  @Test func `maxpool pads by size - 1, less at the left`() throws {
    func pool(_ keys: String) throws -> TestNetwork {
      try TestNetwork(cfg(Shape(1, 1, 3), "[maxpool]\n\(keys)"), weights: [])
    }
    try expectResult(pool("size=2\nstride=1"), [1, 5, 2], [5, 5, 2])
    try expectResult(pool("size=3\nstride=1"), [1, 5, 2], [5, 5, 5])
    try expectResult(pool("size=2\nstride=2"), [1, 5, 2], [5, 2])
  }

  @Test(arguments: ["[dropout]\nprobability=0.5", "[empty]", "[silence]", "[activation]"])
  func `layers that do nothing pass their input on`(section: String) throws {
    let network = try TestNetwork(cfg(Shape(2, 2, 2), section), weights: [])
    try expectResult(network, counting(8), counting(8))
  }

  @Test(arguments: ["[cost]", "[contrastive]\nclasses=2"])
  func `losses leave zeros and are not the network's output`(section: String) throws {
    let network = try TestNetwork(
      cfg(Shape(1, 1, 3), "[softmax]\n\(section)"), weights: [])
    #expect(network.graph.outputLayer == 0)
    #expect(try network.outputs([0, 0, 0])[1] == [0, 0, 0])
  }
}
