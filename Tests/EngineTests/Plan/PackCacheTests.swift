import Foundation
import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// Packed weights that outlive a process: taken when they are right, and only then.
struct PackCacheTests {
  private let folder: TemporaryFolder
  private let graph: Graph
  private let weights: String
  private let image: [Float]

  private static let cfg =
    "[net]\nwidth=20\nheight=20\nchannels=3\n"
    + ["filters=16\nstride=2", "filters=24\nstride=1", "filters=24\nstride=1\ngroups=24"].map {
      "\n[convolutional]\nbatch_normalize=1\nsize=3\npad=1\nactivation=leaky\n\($0)\n"
    }.joined()

  init() throws {
    folder = try TemporaryFolder()
    let network = try TestNetwork(Self.cfg, seed: 3)
    graph = network.graph
    image = network.input()
    weights = folder.file("net.weights")
    try network.weights.write(to: weights)
  }

  private var packed: String { weights + ".packed" }

  private func run(
    _ location: PackCacheLocation? = .besideWeights
  ) throws -> (outcome: PackCacheOutcome, bits: [UInt32]) {
    let plan = try Plan(
      graph, weights: Weights(contentsOf: weights, for: graph),
      options: PlanOptions(backend: BlockedBackend(), threads: 1, packCache: location))
    var session = try Session(plan)
    session.withInput { _ = $0.update(fromContentsOf: image) }
    session.run()
    return (
      plan.packCacheOutcome,
      session.withOutput(layer: graph.outputLayer) { $0.map(\.bitPattern) }
    )
  }

  @Test func `packs once, and takes the file from then on`() throws {
    try KernelChoice.held {
      let plain = try run(nil)
      #expect(plain.outcome == .unused)
      let first = try run()
      #expect(first.outcome == .written(path: packed, because: .isMissing))
      let second = try run()
      #expect(second.outcome == .mapped(path: packed))
      #expect(first.bits == plain.bits && second.bits == plain.bits)
      #expect(folder.files.sorted() == ["net.weights", "net.weights.packed"])
    }
  }

  @Test func `keeps the file in a folder of the user's choice`() throws {
    let other = try TemporaryFolder()
    try KernelChoice.held {
      _ = try run(.folder(other.path))
      #expect(
        try run(.folder(other.path)).outcome == .mapped(path: other.file("net.weights.packed")))
      guard case .unwritable = try run(.folder(other.file("missing"))).outcome else {
        Issue.record("a folder that is not there took a file")
        return
      }
    }
  }

  @Test func `a file of other weights is written anew`() throws {
    try KernelChoice.held {
      let first = try run()
      try TestNetwork(Self.cfg, seed: 4).weights.write(to: weights)
      let second = try run()
      #expect(second.outcome == .written(path: packed, because: .isOther))
      #expect(second.bits != first.bits)
      #expect(second.bits == (try run(nil)).bits)
    }
  }

  @Test func `a file of other kernels is written anew`() throws {
    guard KernelChoice.sets.count > 1 else { return print("skipped: one instruction set only") }
    for set in KernelChoice.sets {
      let outcome = try KernelChoice.limited(to: set) { try run().outcome }
      let reason: PackCacheOutcome.Reason = set == KernelChoice.sets[0] ? .isMissing : .isOther
      #expect(outcome == .written(path: packed, because: reason))
    }
  }

  @Test(arguments: ["notes", "a file of somebody else that happens to have this name"])
  func `a file that is none stays`(text: String) throws {
    try KernelChoice.held {
      let whole = try run()
      try folder.write(Array(text.utf8), to: "net.weights.packed")
      let found = try run()
      #expect(found.outcome == .unwritable(path: packed, "the file there holds no packed weights"))
      #expect(found.bits == whole.bits)
      #expect(try String(contentsOfFile: packed, encoding: .utf8) == text)
    }
  }

  /// Any byte of the file may be wrong, and any number of bytes may be missing.
  @Test func `a damaged file is seen, and written anew`() throws {
    try KernelChoice.held {
      let whole = try run()
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: packed)))
      var generator = SeededGenerator(seed: 5)
      for place in [0, 9, 17, 25, 33, bytes.count - 1]
        + (0..<40).map({ _ in generator.int(0...bytes.count - 1) })
      {
        var damaged = bytes
        damaged[place] ^= UInt8(1 << generator.int(0...7))
        try folder.write(damaged, to: "net.weights.packed")
        let found = try run()
        let reason: PackCacheOutcome.Reason = (8..<16).contains(place) ? .isOther : .isDamaged
        #expect(found.outcome == .written(path: packed, because: reason), "byte \(place)")
        #expect(found.bits == whole.bits)
      }
      for count in [0, 7, 8, 31, 32, 100, bytes.count - 1] {
        try folder.write(Array(bytes[..<count]), to: "net.weights.packed")
        #expect(try run().bits == whole.bits, "\(count) bytes")
      }
      try folder.write(bytes + [0], to: "net.weights.packed")
      #expect(try run().outcome == .written(path: packed, because: .isDamaged))
    }
  }
}
