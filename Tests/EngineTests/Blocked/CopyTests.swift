import Foundation
import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// What the default plan moves without computing.
struct CopyTests {
  private func copies(_ path: String) throws -> [Copy] {
    let graph = try Graph(CfgFile(contentsOf: path))
    return Plan.program(graph, PlanOptions(backend: BlockedBackend())).copies
  }

  @Test func `copies nothing in a published network`() throws {
    let cfgs = Shared.files(below: "golden/zoo", suffix: ".cfg", for: "copies of the zoo")
    for cfg in cfgs { #expect(try copies(cfg.path) == [], "\(cfg.path)") }
  }

  /// Connections to all earlier blocks, each at another place of the concatenation; in csp-cells the
  /// share of a CSP stage ends the concatenation, where the share that goes round lies before it.
  private static let excused = [
    "cspdensenet-201.cfg", "sparsepeleenet.cfg", "sparsepeleenet-prn.cfg", "csp-cells.cfg",
    "csp-cells-prn.cfg", "csp-cells-darknet.cfg",
  ]

  @Test func `copies nothing in our own networks but those that join a layer more than once`()
    throws
  {
    let folder = Shared.package.appendingPathComponent("cfg").path
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    let cfgs = files.filter { $0.hasSuffix(".cfg") }
    #expect(cfgs.count > 50)
    for cfg in cfgs where !Self.excused.contains(where: cfg.hasSuffix) {
      #expect(try copies("\(folder)/\(cfg)") == [], "\(cfg)")
    }
  }

  @Test func `says of each copy why it is made`() throws {
    let convolution = "\n[convolutional]\nfilters=8\nsize=1\nactivation=leaky\n"
    let network = try TestNetwork(
      "[net]\nwidth=6\nheight=6\nchannels=3\n" + String(repeating: convolution, count: 2)
        + "\n[route]\nlayers=0,1\n[route]\nlayers=1,0\n[route]\nlayers=-1,-2\n[local]\nfilters=2\n")
    let copies = Plan.program(network.graph, PlanOptions(backend: BlockedBackend())).copies
    #expect(
      copies.map(\.reason) == [
        "it already has its place in another tensor", "it already has its place in another tensor",
        "'local' reads planes",
      ])
    #expect(copies.map(\.bytes) == [4 * 8 * 36, 4 * 8 * 36, 4 * 32 * 36])
  }
}
