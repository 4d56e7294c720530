import PenumbraAnalysis
import Testing

/// Numbers printed in the paper, in its authors' repositories, or in their tables of layers.
struct PublishedCostTests {
  struct Row: CustomTestStringConvertible {
    let name: String
    let side: Int
    /// Millions.
    let weights: Double
    let paperBFLOPs: Double
    var testDescription: String { "\(name) at \(side)" }
  }

  @Test(arguments: [
    Row(name: "darknet53", side: 256, weights: 41.573, paperBFLOPs: 18.570),
    Row(name: "csdarknet53", side: 256, weights: 27.606, paperBFLOPs: 13.067),
    Row(name: "resnet10", side: 256, weights: 5.240, paperBFLOPs: 2.273),
    Row(name: "resnet50", side: 256, weights: 22.734, paperBFLOPs: 10.000),
    Row(name: "csresnet50", side: 256, weights: 21.567, paperBFLOPs: 8.968),
    Row(name: "resnext50", side: 256, weights: 22.191, paperBFLOPs: 10.111),
    Row(name: "csresnext50", side: 256, weights: 20.499, paperBFLOPs: 7.930),
    Row(name: "csmobilenet-v2", side: 224, weights: 2.513, paperBFLOPs: 0.764),
    Row(name: "darknet", side: 256, weights: 7.314, paperBFLOPs: 0.967),
    Row(name: "csresnext50-panet-spp", side: 416, weights: 56.853, paperBFLOPs: 47.1),
    Row(name: "csresnext50-panet-spp", side: 608, weights: 56.853, paperBFLOPs: 100.6),
    Row(name: "csresnet50-panet-spp", side: 416, weights: 58.257, paperBFLOPs: 49.3),
    Row(name: "csdarknet53-panet-spp", side: 416, weights: 64.296, paperBFLOPs: 60.1),
    Row(name: "yolov3-spp", side: 608, weights: 62.944, paperBFLOPs: 141.5),
    // Printed without weights. Its many [avgpool] tell that they count nothing.
    Row(name: "enet-coco", side: 416, weights: 4.724, paperBFLOPs: 3.730),
    Row(name: "enet-coco", side: 320, weights: 4.724, paperBFLOPs: 2.208),
  ])
  func `weights and BFLOPs are the published ones`(row: Row) throws {
    guard let graph = try publishedGraph(row.name, side: row.side) else { return }
    let total = NetworkCost(graph).total
    #expect(abs(Double(total.weights) / 1e6 - row.weights) < 0.00051)
    // Half a unit of the last digit printed.
    let digit = row.paperBFLOPs > 20 ? 0.051 : 0.00051
    #expect(abs(total.paperBFLOPs - row.paperBFLOPs) < digit)
  }

  /// Everything in the weights file, millions.
  @Test(arguments: [
    ("yolov3-tiny", 416, 8.859), ("yolov3-tiny-prn", 416, 4.940), ("yolov3", 416, 62.002),
  ])
  func `parameters are all numbers of the weights file`(
    name: String, side: Int, millions: Double
  ) throws {
    guard let graph = try publishedGraph(name, side: side) else { return }
    #expect(abs(Double(NetworkCost(graph).total.parameters) / 1e6 - millions) < 0.00051)
  }

  /// The paper, section 4.5, and the table of layers; millions, at 256.
  @Test(arguments: [
    ("resnext50", 34.41), ("csresnext50", 32.64), ("resnet50", 25.95), ("csresnet50", 23.69),
    ("darknet53", 24.97), ("csdarknet53", 35.85),
  ])
  func `CIO is that of the paper`(name: String, millions: Double) throws {
    guard let graph = try publishedGraph(name, side: 256) else { return }
    #expect(abs(Double(NetworkCost(graph).total.convolutionalIO) / 1e6 - millions) < 0.0051)
  }

  /// Darknet's own `Total BFLOPS`, shortcuts included.
  @Test(arguments: [("yolov4", 608, 128.459), ("yolov4-tiny", 416, 6.910), ("yolov3", 416, 65.879)])
  func `today's count is what Darknet prints`(name: String, side: Int, bflops: Double) throws {
    guard let graph = try publishedGraph(name, side: side) else { return }
    #expect(abs(NetworkCost(graph).total.darknetBFLOPs - bflops) < 0.0006)
  }
}
