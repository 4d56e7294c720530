import Foundation
import TestSupport
import Testing

/// --precision, `penumbra calibrate` and `penumbra compare --precision` as a user meets them.
struct PrecisionTests {
  private static let network: String? = sharedFolder.map {
    $0 + "/golden/real/yolo-fastest-1.1/yolo-fastest-1.1"
  }
  private static var pictures: String { (sharedFolder ?? "") + "/golden/images" }

  @Test(.enabled(if: network != nil))
  func `keeps the boxes of real photographs within the stated tolerances`() throws {
    let network = try #require(Self.network)
    let folder = try TemporaryFolder()
    let calibration = folder.file("int8.json")
    let calibrated = try penumbra(
      "calibrate", network + ".cfg", network + ".weights", Self.pictures, "--out", calibration)
    #expect(calibrated.exitCode == 0, "\(calibrated.stderr)")

    // docs/precision.md: IoU 0.982 and 0.604 at least, confidence by 0.018 and 0.175 at most.
    for (options, leastIoU, largestChange) in [
      (["--precision", "bf16"], 0.95, 0.05),
      (["--precision", "int8", "--calibration", calibration], 0.5, 0.25),
    ] {
      let result = try penumbra(
        ["compare", network + ".cfg", network + ".weights", Self.pictures, "--json"] + options)
      #expect(result.exitCode == 0, "\(result.stderr)")
      let report = try JSONDecoder().decode(Report.self, from: Data(result.stdout.utf8))
      #expect(report.images == 5)
      let boxes = report.boxes
      #expect(boxes.expected >= 20 && boxes.lost == 0 && boxes.added == 0, "\(options)")
      #expect(boxes.leastIoU >= leastIoU, "\(options): \(boxes.leastIoU)")
      #expect(boxes.largestConfidenceChange <= largestChange, "\(options)")
      #expect(boxes.meanIoU >= leastIoU)
    }
  }

  private struct Report: Decodable {
    let images: Int
    let boxes: Boxes

    struct Boxes: Decodable {
      let expected, lost, added: Int
      let leastIoU, meanIoU, largestConfidenceChange: Double

      enum CodingKeys: String, CodingKey {
        case expected, lost, added
        case leastIoU = "least_iou"
        case meanIoU = "mean_iou"
        case largestConfidenceChange = "largest_confidence_change"
      }
    }
  }

  @Test(arguments: [
    (["--precision", "int8"], 64, "penumbra calibrate"),
    (["--calibration", "net.cfg"], 64, "--calibration is for --precision int8"),
    (["--precision", "bf16", "--backend", "blas"], 64, "--precision bf16 needs --backend blocked"),
    (["--precision", "int8", "--calibration", "nowhere.json"], 66, "nowhere.json"),
    (["--precision", "int8", "--calibration", "net.cfg"], 65, "net.cfg: not a calibration"),
    (["--precision", "int8", "--calibration", "other.json"], 65, "penumbra calibrate"),
    (["--fp32-layers", "first"], 64, "--fp32-layers"),
  ])
  func `says what is wrong with a precision`(options: [String], status: Int, text: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.cfg, to: "net.cfg")
    _ = try folder.write(
      #"{"cfg": "other.cfg", "parameters": 7, "images": 1, "inputs": []}"#, to: "other.json")
    let result = try penumbra(
      ["trace", "net.cfg", "--out", "trace"] + options, in: folder.path)
    #expect(result.exitCode == Int32(status), "\(result.stderr)")
    #expect(result.stderr.contains(text), "\(result.stderr)")
  }

  @Test func `notes that an instruction set lacks a precision, and computes in fp32`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.cfg, to: "net.cfg")
    let result = try penumbra(
      "trace", "net.cfg", "--out", "trace", "--precision", "bf16", "--isa", "baseline",
      in: folder.path)
    #expect(result.exitCode == 0)
    #expect(result.stderr.contains("lack AVX512_BF16; --precision bf16 is computed in fp32"))
  }

  @Test func `lowers the instruction set for an environment that names one`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.cfg, to: "net.cfg")
    func trace(_ isa: String) throws -> CommandResult {
      try run(
        [
          "/usr/bin/env", "PENUMBRA_ISA=\(isa)", builtProgram(), "trace", "net.cfg", "--out",
          "trace", "--precision", "bf16",
        ], in: folder.path)
    }
    #expect(try trace("baseline").stderr.contains("is computed in fp32"))
    let unknown = try trace("sse9")
    #expect(unknown.exitCode == 64)
    #expect(unknown.stderr.contains("PENUMBRA_ISA is 'sse9', expected one of"))
  }

  private static let cfg = """
    [net]
    width=16
    height=16
    channels=3

    [convolutional]
    filters=16
    size=3
    stride=1
    pad=1
    activation=leaky

    [convolutional]
    filters=16
    size=3
    stride=1
    pad=1
    activation=leaky

    [convolutional]
    filters=8
    size=1
    stride=1
    activation=linear

    """
}
