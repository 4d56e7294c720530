import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport
import TestSupport
import Testing

struct WeightsRoundTripTests {
  @Test(arguments: GoldenLayers.names)
  func `a golden file is written back byte for byte`(name: String) throws {
    let graph = try GoldenLayers.graph(name)
    let weights = try Weights(contentsOf: GoldenLayers.weightsPath(name), for: graph)
    #expect(try written(weights) == bytes(GoldenLayers.weightsPath(name)))
  }

  @Test(arguments: GoldenLayers.names)
  func `a seed gives the golden file`(name: String) throws {
    let weights = try Weights(seed: GoldenLayers.seed(name), for: GoldenLayers.graph(name))
    #expect(try written(weights) == bytes(GoldenLayers.weightsPath(name)))
  }

  @Test func `a trained file is written back byte for byte`() throws {
    guard let shared = sharedFolder else { return }
    let base = shared + "/golden/real/yolo-fastest-1.1/yolo-fastest-1.1"
    let graph = try Graph(CfgFile(contentsOf: base + ".cfg"))
    let weights = try Weights(contentsOf: base + ".weights", for: graph)
    #expect(weights.loadedLayers == graph.nodes.count)
    #expect(try written(weights) == bytes(base + ".weights"))
  }

  /// Sizes by `darknet-weights.md`, section 5.
  @Test(arguments: [
    ("yolov3", nil, 62_001_757), ("yolov3", 74, 40_620_640), ("yolov3-tiny", nil, 8_858_734),
    ("yolov4", nil, 64_429_405), ("yolov4", 137, 42_509_664), ("yolov4-tiny", nil, 6_062_814),
    ("yolov4-tiny", 29, 4_947_424),
  ])
  func `published networks take the published sizes`(name: String, layers: Int?, floats: Int) throws
  {
    guard let shared = sharedFolder else { return }
    let graph = try Graph(CfgFile(contentsOf: "\(shared)/golden/zoo/\(name)/net.cfg"))
    #expect(WeightsLayout(graph).count(upTo: layers ?? .max) == floats)
  }

  // MARK: Headers

  @Test(arguments: [
    (0, 1, 0, 16, false), (0, 2, 0, 20, false), (0, 2, 5, 20, false), (1, 0, 0, 20, false),
    (1001, 0, 0, 16, true), (0, 1001, 0, 16, true),
  ])
  func `headers of every age are read and kept`(
    major: Int32, minor: Int32, revision: Int32, size: Int, isTransposed: Bool
  ) throws {
    let header = WeightsHeader(major: major, minor: minor, revision: revision, seen: 32_013_312)
    let graph = try graph("[connected]\noutput=2\nactivation=linear", net: "inputs=3")
    let file = weightsFile(8, header: header)
    #expect(file.count == size + 32)
    let weights = try weights(file, for: graph)
    #expect(weights.header == header)
    #expect(weights.header.isTransposed == isTransposed)
    #expect(try written(weights) == file)
  }

  @Test func `a wide count of images survives`() throws {
    let header = WeightsHeader(seen: 1 << 40)
    let weights = try weights(
      weightsFile(8, header: header), for: graph("[connected]\noutput=2", net: "inputs=3"))
    #expect(weights.header.seen == 1 << 40)
  }

  // MARK: Matrices the other way round

  @Test func `a transposed file holds connected weights inputs first`() throws {
    let graph = try graph("[connected]\noutput=2\nactivation=linear", net: "inputs=3")
    let header = WeightsHeader(major: 0, minor: 1001, revision: 0, seen: 7)
    let file = weightsFile([9, 8, 1, 2, 3, 4, 5, 6], header: header)
    let weights = try weights(file, for: graph)
    #expect(weights.numbers(0, .biases) == [9, 8])
    #expect(weights.numbers(0, .weights) == [1, 3, 5, 2, 4, 6])
    #expect(try written(weights) == file)
  }

  @Test func `a flipped convolution is stored taps first`() throws {
    let keys = "[convolutional]\nfilters=2\nsize=1\nactivation=linear\nflipped="
    let file = weightsFile([9, 8, 1, 2, 3, 4, 5, 6])
    let flipped = try weights(file, for: graph(keys + "1"))
    #expect(flipped.numbers(0, .weights) == [1, 3, 5, 2, 4, 6])
    #expect(try written(flipped) == file)
    #expect(try weights(file, for: graph(keys + "0")).numbers(0, .weights) == [1, 2, 3, 4, 5, 6])
  }

  @Test func `a large transposed matrix is written whole`() throws {
    // More columns and rows than one block of the writer takes.
    let graph = try graph("[connected]\noutput=700\nactivation=linear", net: "inputs=900")
    let header = WeightsHeader(major: 1001, minor: 0, revision: 0)
    let file = weightsFile(700 * 901, header: header)
    #expect(try written(weights(file, for: graph)) == file)
  }

  // MARK: Layers that the file leaves out

  private static let threeLayers = """
    [convolutional]
    filters=2
    batch_normalize=1
    activation=linear
    %
    [maxpool]
    [convolutional]
    filters=1
    activation=linear
    """

  @Test func `dontload takes no bytes and keeps the initial values`() throws {
    let graph = try graph(Self.threeLayers.replacing("%", with: "dontload=1"))
    let weights = try weights(weightsFile(3), for: graph)
    #expect(weights.numbers(0, .biases) == [0, 0])
    #expect(weights.numbers(0, .scales) == [1, 1])
    #expect(weights.numbers(0, .rollingVariance) == [0, 0])
    #expect(weights.numbers(2, .biases) == [1])
    #expect(weights.numbers(2, .weights) == [2, 3])
    #expect(try written(weights) == weightsFile(3))
  }

  @Test func `dontloadscales takes bytes for biases and weights alone`() throws {
    let graph = try graph(Self.threeLayers.replacing("%", with: "dontloadscales=1"))
    let weights = try weights(weightsFile(11), for: graph)
    #expect(weights.numbers(0, .biases) == [1, 2])
    #expect(weights.numbers(0, .scales) == [1, 1])
    #expect(weights.numbers(0, .weights) == [3, 4, 5, 6, 7, 8])
    #expect(weights.numbers(2, .biases) == [9])
    #expect(try written(weights) == weightsFile(11))
  }

  @Test func `a shared convolution takes none`() throws {
    let keys = "filters=3\nsize=3\npad=1\nactivation=linear"
    let graph = try graph("[convolutional]\n\(keys)\n[convolutional]\n\(keys)\nshare_index=0")
    #expect(WeightsLayout(graph).count == 3 + 81)
  }

  // MARK: Writing

  @Test func `rewriting a file in place keeps it whole`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(weightsFile(17), to: "net.weights")
    let graph = try graph(Self.threeLayers.replacing("%", with: ""))
    let weights = try Weights(contentsOf: path, for: graph)
    try weights.write(to: path)
    #expect(try bytes(path) == weightsFile(17))
    #expect(weights.numbers(2, .biases) == [15])
    #expect(folder.files == ["net.weights"])
  }

  @Test func `a link stays a link`() throws {
    let folder = try TemporaryFolder()
    try folder.write(weightsFile(3), to: "real.weights")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.weights"), withDestinationPath: "real.weights")
    let graph = try graph("[convolutional]\nactivation=linear")
    try Weights(seed: 1, for: graph).write(to: folder.file("link.weights"))
    #expect(try bytes(folder.file("real.weights")).count == 20 + 16)
    let kind = try FileManager.default.attributesOfItem(atPath: folder.file("link.weights"))[.type]
    #expect(kind as? FileAttributeType == .typeSymbolicLink)
  }

  @Test func `what cannot be written is a typed error and leaves nothing behind`() throws {
    let weights = try Weights(seed: 1, for: graph("[convolutional]\nactivation=linear"))
    let folder = try TemporaryFolder()
    let missing = folder.file("missing/out.weights")
    let cases: [(String, WriteError.Reason)] = [
      (missing, .noFolder), (folder.path, .isFolder),
    ]
    for (path, reason) in cases {
      let error = #expect(throws: WriteError.self) { try weights.write(to: path) }
      #expect(error?.reason == reason)
    }
    #if os(Linux)
      let error = #expect(throws: WriteError.self) { try weights.write(to: "/dev/full") }
      #expect(
        error?.description == """
          /dev/full: error: the file cannot be written: there is no space left
          help: free some space, or write to another disk
          """)
    #endif
    #expect(folder.files == [])
  }
}
