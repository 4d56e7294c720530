import Foundation
import Penumbra

/// A weights file with a broken header, size or numbers.
struct WeightsTarget: Target {
  let bytes: [UInt8]
  private let graph: Graph

  private static let graphs: [Graph] = [
    """
    [convolutional]
    filters=6
    size=3
    batch_normalize=1
    activation=leaky
    [shortcut]
    from=0
    weights_type=per_feature
    weights_normalization=relu
    [convolutional]
    filters=12
    activation=linear
    [yolo]
    classes=1
    num=2
    anchors=1,2,3,4
    """,
    """
    [convolutional]
    filters=4
    flipped=1
    activation=relu
    [batchnorm]
    [local]
    filters=2
    size=3
    activation=elu
    dontload=1
    [implicit]
    filters=3
    [connected]
    output=5
    batch_normalize=1
    dontloadscales=1
    activation=linear
    [softmax]
    """, "[avgpool]\n[softmax]",
  ].compactMap { sections in
    let text = "[net]\nwidth=9\nheight=7\nchannels=2\n\(sections)\n"
    return try? Graph(CfgFile(text: text, name: "fuzz.cfg"))
  }

  init(_ random: inout Random) {
    graph = random.pick(Self.graphs)
    var header = WeightsHeader()
    if random.chance(0.4) {
      func number() -> Int32 {
        random.chance(0.5)
          ? Int32(random.int(0...3))
          : Int32(truncatingIfNeeded: CfgMutation.extremes(&random))
      }
      header = WeightsHeader(
        major: number(), minor: number(), revision: number(), seen: random.next())
    }
    var bytes = header.bytes
    for _ in 0..<graph.parameterCount {
      let value: Float =
        random.chance(0.001)
        ? random.pick([.nan, .infinity, -.infinity, 3e38, -1, 0])
        : .random(in: -1...1, using: &random)
      withUnsafeBytes(of: value) { bytes += $0 }
    }
    switch random.int(0...5) {
    case 0: bytes.removeLast(random.int(0...bytes.count))
    case 1: bytes += random.bytes(random.int(0...64))
    case 2: random.addNoise(to: &bytes)
    case 3:
      let place = random.int(0...min(19, bytes.count - 1))
      bytes[place] = random.byte()
    default: break
    }
    self.bytes = bytes
  }

  func run(_ random: inout Random) throws -> String {
    let path = Self.folder + "/fuzz.weights"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    do {
      let weights = try Weights(
        contentsOf: path, for: graph, allowsPartial: random.chance(0.3))
      if random.chance(0.2) { try weights.write(to: Self.folder + "/copy.weights") }
      var trial = Trial(graph: graph)
      trial.weights = weights
      return try trial.run(&random)
    } catch let error as WeightsError {
      _ = "\(error)"
      return "refused"
    }
  }

  /// A folder of this process, left to the system to clear.
  private static let folder: String = {
    let folder =
      FileManager.default.temporaryDirectory.path
      + "/penumbra-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }()
}
