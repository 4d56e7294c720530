import PenumbraEngine
import TestSupport
import Testing

/// Backbones cut off after some layer, as Darknet's `partial` writes them.
struct PartialWeightsTests {
  /// 5, 0, 0 and 3 numbers.
  private static let sections = """
    [convolutional]
    filters=1
    size=2
    activation=linear
    [maxpool]
    stride=2
    [route]
    layers=-1
    [convolutional]
    filters=1
    size=1
    activation=linear
    """

  private func network() throws -> Graph {
    try graph(Self.sections, net: "width=8\nheight=8\nchannels=1")
  }

  @Test(arguments: [(0, 0), (1, 5), (2, 5), (3, 5), (4, 7)])
  func `the first layers take the first numbers`(layers: Int, floats: Int) throws {
    let whole = try weights(weightsFile(7), for: network())
    let cut = try written(whole, upTo: layers)
    #expect(cut == weightsFile(floats, header: WeightsHeader(seen: 0)))
  }

  @Test func `a cut-off file is read where it is asked for`() throws {
    let weights = try weights(weightsFile(5), for: network(), allowsPartial: true)
    #expect(weights.loadedLayers == 1)
    #expect(weights.numbers(0, .weights) == [2, 3, 4, 5])
    #expect(weights.numbers(3, .biases) == [0])
  }

  @Test func `a header alone holds no layer and is refused`() throws {
    #expect(throws: WeightsError.self) {
      try weights(weightsFile(0), for: network(), allowsPartial: true)
    }
  }

  @Test(arguments: [1, 4, 6, 8])
  func `a file that ends inside a layer, or too late, is refused all the same`(floats: Int) throws {
    let graph = try network()
    #expect(throws: WeightsError.self) {
      try weights(weightsFile(floats), for: graph, allowsPartial: true)
    }
  }

  @Test func `a file one byte short of a layer's end is refused`() throws {
    let graph = try network()
    #expect(throws: WeightsError.self) {
      try weights(Array(weightsFile(5).dropLast()), for: graph, allowsPartial: true)
    }
  }
}
