import Penumbra
import TestSupport

/// A random graph in the manner of CSPNet: stages that split, go round, concatenate and add, with all
/// that makes two layers share memory.
struct RandomNetwork {
  private(set) var cfg = ""

  private var generator: SeededGenerator
  private var sections: [String] = []
  private var shapes: [Shape] = []
  private let filters: [Int]

  /// - Parameter filters: what convolutions choose from.
  init(seed: UInt64, filters: [Int] = [2, 4, 6, 7]) {
    self.filters = filters
    generator = SeededGenerator(seed: seed)
    let input = Shape(generator.int(1...3), generator.int(3...8), generator.int(3...8))
    add("[dropout]", input)
    for _ in 0..<generator.int(4...24) { grow() }
    if generator.chance(0.3) { addHead() }
    cfg = EngineTests.cfg(input, sections.joined(separator: "\n"))
  }

  private var last: Shape { shapes[shapes.count - 1] }

  private mutating func add(_ section: String, _ shape: Shape) {
    sections.append(section)
    shapes.append(shape)
  }

  /// A layer's number, written from the start or counted back.
  private mutating func reference(_ layer: Int) -> Int {
    generator.chance(0.5) ? layer : layer - sections.count
  }

  /// Layers of the same height and width as the last.
  private var peers: [Int] {
    shapes.indices.filter { shapes[$0].height == last.height && shapes[$0].width == last.width }
  }

  private mutating func activation() -> String {
    "activation=" + generator.pick(["linear", "leaky", "mish", "relu", "logistic", "swish"])
  }

  private mutating func grow() {
    switch generator.int(0...15) {
    case 0...2: addConvolution()
    case 3...5: addConcatenation()
    case 6: addRoute()
    case 7: addGroups()
    case 8: addPartial()
    case 9, 10: addShortcut()
    case 11: addAttention()
    case 12: addResize()
    case 13:
      add(generator.pick(["[dropout]", "[empty]"]), last)
    case 14:
      let pieces = generator.int(2...3)
      guard last.channels >= pieces else { return addConvolution() }
      add(
        "[maxout]\npieces=\(pieces)", last.with(channels: (last.channels + pieces - 1) / pieces))
    default:
      add(generator.pick(["[batchnorm]", "[activation]\n\(activation())"]), last)
    }
    if generator.chance(0.08) { addHead() }
  }

  private mutating func addConvolution() {
    let filters = generator.pick(filters)
    let size = generator.pick([1, 1, 3])
    let keys = generator.chance(0.5) ? "batch_normalize=1\n" : ""
    let blur = generator.chance(0.1) ? "antialiasing=1\n" : ""
    add(
      "[convolutional]\nfilters=\(filters)\nsize=\(size)\npad=1\n\(keys)\(blur)\(activation())",
      last.with(channels: filters))
  }

  private mutating func addConcatenation() {
    var joined = (0..<generator.int(2...4)).map { _ in generator.pick(peers) }
    if generator.chance(0.6) { joined[0] = shapes.count - 1 }
    let channels = joined.reduce(0) { $0 + shapes[$1].channels }
    guard channels <= 48 else { return addConvolution() }
    let layers = joined.map { "\(reference($0))" }.joined(separator: ",")
    add("[route]\nlayers=\(layers)", last.with(channels: channels))
  }

  private mutating func addRoute() {
    let layer = generator.int(0...shapes.count - 1)
    add("[route]\nlayers=\(reference(layer))", shapes[layer])
  }

  private mutating func addGroups() {
    let even = peers.filter { shapes[$0].channels % 2 == 0 }
    guard !even.isEmpty else { return addConvolution() }
    let parts = (0..<generator.int(1...3)).map { _ in generator.pick(even) }
    let channels = parts.reduce(0) { $0 + shapes[$1].channels / 2 }
    let layers = parts.map { "\(reference($0))" }.joined(separator: ",")
    add(
      "[route]\nlayers=\(layers)\ngroups=2\ngroup_id=\(generator.int(0...1))",
      last.with(channels: channels))
  }

  private mutating func addPartial() {
    let layer = generator.pick(peers)
    let total = shapes[layer].channels
    guard total >= 2 else { return addConvolution() }
    let bypass = generator.int(1...total - 1)
    let takesBypass = generator.chance(0.5)
    add(
      """
      [partial]
      from=\(reference(layer))
      channels=\(bypass)
      take=\(takesBypass ? "bypass" : "block")
      """, last.with(channels: takesBypass ? bypass : total - bypass))
  }

  private mutating func addShortcut() {
    let sources = (0..<generator.pick([1, 1, 2])).map { _ in generator.pick(peers) }
    let from = sources.map { "\(reference($0))" }.joined(separator: ",")
    let weights =
      generator.chance(0.2) ? "weights_type=per_feature\nweights_normalization=softmax\n" : ""
    add("[shortcut]\nfrom=\(from)\n\(weights)\(activation())", last)
  }

  private mutating func addAttention() {
    let map = shapes.count - 1
    if generator.chance(0.5) {
      add("[avgpool]", Shape(last.channels, 1, 1))
      add("[scale_channels]\nfrom=\(reference(map))\n\(activation())", shapes[map])
    } else {
      add(
        "[convolutional]\nfilters=\(last.channels)\nsize=1\nactivation=logistic", shapes[map])
      let twins = shapes.indices.filter { shapes[$0] == last }
      add("[sam]\nfrom=\(reference(generator.pick(twins)))\nactivation=logistic", last)
    }
  }

  private mutating func addResize() {
    let halved = Shape(last.channels, (last.height + 1) / 2, (last.width + 1) / 2)
    switch generator.int(0...3) {
    case 0 where last.height > 2 && last.width > 2:
      add("[maxpool]\nsize=2\nstride=2", halved)
    case 1 where last.height <= 5 && last.width <= 5:
      add(
        "[upsample]\nstride=2", Shape(last.channels, last.height * 2, last.width * 2))
    case 2 where last.height % 2 == 0 && last.width % 2 == 0 && last.channels <= 12:
      add(
        "[reorg3d]\nstride=2", Shape(last.channels * 4, last.height / 2, last.width / 2))
    default: add("[maxpool]\nsize=3\nstride=1", last)
    }
  }

  /// A head in the middle: its output is a result that others may read as well.
  private mutating func addHead() {
    add(
      "[convolutional]\nfilters=12\nsize=1\nactivation=linear", last.with(channels: 12))
    add("[yolo]\nclasses=1\nnum=2\nanchors=1,2,3,4", last)
  }
}
