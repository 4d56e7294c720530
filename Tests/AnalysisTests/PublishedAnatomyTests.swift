import PenumbraAnalysis
import Testing

/// What is known of published networks from their papers.
struct PublishedAnatomyTests {
  private func lines(_ name: String, side: Int = 416) throws -> [String: String]? {
    guard let graph = try publishedGraph(name, side: side) else { return nil }
    let lines = Anatomy(graph).lines
    return Dictionary(lines.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
  }

  private static let panet =
    "PANet: fused 16 = {16, 32}; output 8 = {8} + fused 16; output 16 = output 8 + fused 16; "
    + "output 32 = {32} + output 16"
  private static let fpn = "FPN: output 16 = {16, 32}; output 8 = {8} + output 16"

  @Test(
    arguments: [
      (
        "csdarknet53", "stage 5",
        "stride 32: CSP stage 5: conv split, gamma 0.50, 4 residual blocks, both transitions"
      ),
      (
        "csresnet50", "stage 4",
        "stride 32: CSP stage 4: conv split, gamma 0.50, 2 bottleneck residual blocks, both transitions"
      ),
      (
        "csresnext50", "stage 1",
        "stride 4: CSP stage 1: conv split, gamma 0.67, 3 ResNeXt blocks of 32 groups, both transitions"
      ),
      (
        "csresnext50", "stage 3",
        "stride 16: CSP stage 3: conv split, gamma 0.50, 5 ResNeXt blocks of 32 groups, both transitions"
      ),
      ("csresnext50-panet-spp", "neck", panet),
      ("csresnext50-panet-spp", "SPP", "SPP 5, 9, 13 over 13x13x512 at layer 89"),
      ("yolov4", "neck", panet),
      ("yolov4-csp", "neck", "PANet: 5 CSP stages: " + panet.dropFirst(7)),
      ("yolov3", "neck", fpn),
      ("yolov3-spp", "SPP", "SPP 5, 9, 13 over 13x13x512 at layer 83"),
      ("yolov3-tiny", "neck", "FPN: output 16 = {16, 32}"),
      ("yolov3-tiny-prn", "neck", "PRN: output 16 = {16, 32}"),
      ("enet-coco", "neck", "PRN: output 16 = {16, 32}"),
      (
        "yolov4-tiny", "stage 1",
        "stride 4: CSP stage 1: 32 of 64 channels through, all round, 1 module of 2 layers joined once, fusion last"
      ),
      ("resnet50", "stage 3", "stride 16: 6 bottleneck residual blocks"),
      ("resnext50", "stage 4", "stride 32: 3 ResNeXt blocks of 32 groups"),
      ("resnet10", "stage 2", "stride 8: 1 basic residual block"),
      ("densenet201", "stage 3", "stride 16: 48 dense layers"),
      ("darknet53", "stage 4", "stride 16: 8 bottleneck residual blocks"),
      (
        "csmobilenet-v2", "stage 3",
        "stride 8: CSP stage 3: conv split, gamma 0.33, 5 inverted residual blocks, fusion first"
      ),
    ] as [(String, String, String)])
  func `is recognised`(name: String, part: String, text: String) throws {
    guard let lines = try lines(name) else { return }
    #expect(lines[part] == text)
  }

  @Test func `parts of a resolution that blocks use inside do not divide a stage`() throws {
    guard let lines = try lines("csresnet50-elastic", side: 256) else { return }
    #expect(
      lines["stage 3"]
        == "stride 16: CSP stage 3: conv split, gamma 0.50, elastic: 5 residual blocks, both transitions"
    )
  }
}
