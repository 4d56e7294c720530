import Foundation
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

/// The networks in `cfg/`, and what their headers say they are.
struct ZooAnatomyTests {
  private func lines(_ name: String) throws -> [String: String] {
    let path = Shared.package.appendingPathComponent("cfg/\(name).cfg").path
    let lines = Anatomy(try Graph(CfgFile(contentsOf: path))).lines
    return Dictionary(lines.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
  }

  private static let efm =
    "EFM: fused 16 = {8, 16, 32}; output 8 = {4, 8} + fused 16; output 16 = output 8 + fused 16; "
    + "output 32 = {32} + output 16"

  @Test(
    arguments: [
      (
        "classify/csppeleenet", "stage 2",
        "stride 8: CSP stage 2: conv split, gamma 0.50, 4 two-way dense layers, both transitions"
      ),
      (
        "classify/csppeleenet-gamma25", "stage 3",
        "stride 16: CSP stage 3: conv split, gamma 0.25, 8 two-way dense layers, both transitions"
      ),
      (
        "classify/csppeleenet-gamma75", "stage 1",
        "stride 4: CSP stage 1: conv split, gamma 0.50, 2 two-way dense layers, both transitions"
      ),
      (
        "classify/csppeleenet-fusion-first", "stage 4",
        "stride 32: CSP stage 4: conv split, gamma 0.50, 4 two-way dense layers, fusion first"
      ),
      (
        "classify/csppeleenet-fusion-last-gamma75", "stage 2",
        "stride 8: CSP stage 2: conv split, gamma 0.75, 4 two-way dense layers, fusion last"
      ),
      (
        "classify/csppeleenet-slice-gamma25", "stage 2",
        "stride 8: CSP stage 2: channel split, gamma 0.25, 4 two-way dense layers, both transitions"
      ),
      ("classify/peleenet", "stage 1", "stride 4: 3 two-way dense layers"),
      ("classify/peleenext", "stage 2", "stride 8: 4 grouped two-way dense layers"),
      ("classify/sparsepeleenet", "stage 3", "stride 16: 8 sparse two-way dense layers"),
      (
        "classify/cspdensenet-201", "stage 3",
        "stride 16: CSP stage 3: conv split, gamma 0.50, 48 dense layers, both transitions"
      ),
      (
        "classify/cspresnext-50", "stage 2",
        "stride 8: CSP stage 2: conv split, gamma 0.50, 3 ResNeXt blocks of 32 groups, both transitions"
      ),
      (
        "detect/cspdensenetb-ref-prn", "stage 4",
        "stride 32: CSP stage 4: conv split, gamma 0.50, 3 dense layers, fusion first"
      ),
      ("detect/csppeleenet-efm", "neck", efm),
      ("detect/csppeleenet-efm-sam", "neck", efm),
      (
        "detect/csppeleenet-efm-sam", "SAM",
        "SAM over 52x52x128 at layer 191; SAM over 26x26x256 at layer 200; SAM over 13x13x256 at layer 209"
      ),
      ("detect/csppeleenet-gfm", "neck", "GFM: output 16 = {4, 8, 16, 32, global 32}"),
      ("detect/csppeleenet-cem", "neck", "CEM: output 16 = {16, 32, global 32}"),
      (
        "detect/csppeleenet-prn-3l", "neck", "PRN: output 16 = {16, 32}; output 8 = {8} + output 16"
      ),
      ("detect/peleenet-yolo", "neck", "FPN: output 16 = {16, 32}"),
      (
        "detect/csppeleenet-efm", "head 32",
        "3 anchors, 80 classes; from output 32, sees strides 4, 8, 16, 32"
      ),
    ] as [(String, String, String)])
  func `is recognised`(name: String, part: String, text: String) throws {
    #expect(try lines(name)[part] == text)
  }

  /// DenseNet-201 scores every place before the mean, PeleeNet the mean itself.
  @Test(arguments: [("densenet-201", "convolutional"), ("peleenet", "avgpool")])
  func `a classifier begins where classes are scored`(name: String, section: String) throws {
    let path = Shared.package.appendingPathComponent("cfg/classify/\(name).cfg").path
    let graph = try Graph(CfgFile(contentsOf: path))
    let anatomy = Anatomy(graph)
    #expect(graph.nodes[anatomy.backboneEnd].name == section)
    #expect(anatomy.parts.last == .classifier)
  }

  /// "75 % less memory": each map that CSPPeleeNet gives to the pyramid keeps a quarter of its
  /// channels.
  @Test(arguments: ["csppeleenet-efm", "csppeleenet-efm-sam", "csppeleenet-gfm"])
  func `the paper's 75 % are those of the backbone's maps`(name: String) throws {
    let path = Shared.package.appendingPathComponent("cfg/detect/\(name).cfg").path
    let compression = try #require(Anatomy(Graph(CfgFile(contentsOf: path))).compression)
    #expect(compression.reproduction?.name == "each map that the backbone gives, once")
    #expect(compression.ways[0].saving == 0.75)
  }

  /// Figure 7: 0.997, 0.354 and 0.199 BFLOPs; -80 % and -44 %.
  @Test func `ceilings are those of the paper's Figure 7`() throws {
    let costs = try ["peleenet-yolo", "peleenet-prn", "csppeleenet-efm"].map { name in
      let path = Shared.package.appendingPathComponent("cfg/detect/\(name).cfg").path
      return NetworkCost(try Graph(CfgFile(contentsOf: path), size: (416, 416)))
    }
    let ceilings = costs.compactMap { $0.bottleneck?.tally.paperBFLOPs }
    #expect(ceilings.map { ($0 * 1000).rounded() } == [997, 354, 199])
    #expect((100 * (1 - ceilings[2] / ceilings[0])).rounded() == 80)
    #expect((100 * (1 - ceilings[2] / ceilings[1])).rounded() == 44)
  }
}
