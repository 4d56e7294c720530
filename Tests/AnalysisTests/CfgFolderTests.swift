import Foundation
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

/// The networks in `cfg/`: what their headers claim is what their graphs compute.
struct CfgFolderTests {
  static let all = ZooFile.all

  @Test func `the folder holds classifiers and detectors`() {
    let folders = Set(Self.all.map { $0.name.split(separator: "/").dropLast().joined() })
    // What is trained here stands beside the zoo: detectors of cells, and the ablation.
    #expect(folders == ["", "ablation", "classify", "detect"])
    #expect(Self.all.count > 70)
  }

  @Test(arguments: all)
  func `a cfg has no errors and no warnings`(file: ZooFile) throws {
    let check = Graph.check(try file.cfg())
    // Partial residuals and the strided shortcuts of ResNet are noted, and meant.
    let meant: Set<Problem.Code> = [.surplusIgnored, .differsFromDarknet]
    let found = check.diagnostics.filter { !meant.contains($0.problem.code) }
    #expect(found.map(\.description) == [])
    #expect(check.diagnostics.allSatisfy { $0.severity == .note })
  }

  @Test(arguments: all)
  func `the numbers of a header are those of its graph`(file: ZooFile) throws {
    let (header, total) = (try file.header(), NetworkCost(try file.graph()).total)
    #expect(
      header["parameters"]
        == "\(total.weights) weights of convolutions; \(total.parameters) numbers in a weights file"
    )
    #expect(
      header["BFLOPs"]
        == "\(total.paperBFLOPs.digits(3)) of convolutions and pools, as in 2019;"
        + " \(total.darknetBFLOPs.digits(3)) as Darknet counts today")
    let input = try file.graph().net.input
    #expect(
      header["input"]?.hasPrefix("\(input.width)x\(input.height)x\(input.channels); ") == true)
  }

  @Test(arguments: all)
  func `a header says where a network comes from and how far it can be trusted`(
    file: ZooFile
  ) throws {
    let header = try file.header()
    for key in ["source", "training"] { #expect(header[key]?.isEmpty == false, "\(key)") }
    let status = header["status"]?.split(separator: ":").first.map(String.init)
    #expect(["published", "recovered", "reconstructed", "own"].contains(status))
    // Who reconstructs says by how much, where there is a number to compare with.
    let numbers = header["published"] != nil
    #expect((header["residual"] != nil) == (status == "reconstructed" && numbers))
  }

  @Test(arguments: PublishedTwin.all)
  func `a published cfg and ours hold the same tensors in the same order`(
    twin: PublishedTwin
  ) throws {
    guard let item = Shared.item("golden/zoo/\(twin.golden)/net.cfg", for: twin.golden) else {
      return
    }
    let published = try Graph(CfgFile(contentsOf: item.path))
    let input = published.net.input
    let ours = try ZooFile(name: twin.name).graph(size: (input.width, input.height))
    #expect(ours.nodes.map(\.name) == published.nodes.map(\.name))
    #expect(ours.nodes.map(\.layer.output) == published.nodes.map(\.layer.output))
    #expect(ours.nodes.map(\.layer.inputs) == published.nodes.map(\.layer.inputs))
    #expect(ours.nodes.map(\.layer.parameters) == published.nodes.map(\.layer.parameters))
  }
}

/// A cfg of the folder, by its path inside it.
struct ZooFile: Sendable, CustomTestStringConvertible {
  let name: String
  var testDescription: String { name }

  private static let folder = Shared.package.appendingPathComponent("cfg")

  static let all: [ZooFile] = {
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(".cfg") }.sorted().map(ZooFile.init)
  }()

  private var path: String { Self.folder.appendingPathComponent(name).path }

  func cfg() throws -> CfgFile { try CfgFile(contentsOf: path) }

  func graph(size: (Int, Int)? = nil) throws -> Graph {
    guard let size else { return try Graph(cfg()) }
    return try Graph(cfg(), size: size)
  }

  /// The fields of the comment that opens the file: a key, two spaces at least, the value; what is
  /// indented further continues the value above.
  func header() throws -> [String: String] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var fields: [String: String] = [:]
    var key: String?
    for line in text.split(separator: "\n").prefix(while: { $0.hasPrefix("#") }) {
      let (words, value) = (line.dropFirst(2), line.dropFirst(14))
      if words.hasPrefix(String(repeating: " ", count: 12)), let key {
        fields[key]? += " \(value)"
      } else if words.dropFirst(10).hasPrefix("  ") {
        key = words.prefix(12).trimmingCharacters(in: .whitespaces)
        fields[key!] = String(value)
      } else {
        key = nil
      }
    }
    return fields
  }
}

/// A cfg of the folder and the published one whose weights fit it.
struct PublishedTwin: Sendable, CustomTestStringConvertible {
  let name: String
  let golden: String
  var testDescription: String { name }

  static let all = [
    ("classify/cspdarknet-53.cfg", "csdarknet53"),
    ("classify/cspmobilenet-v2.cfg", "csmobilenet-v2"),
    ("classify/cspresnet-50-elastic.cfg", "csresnet50-elastic"),
    ("classify/cspresnet-50.cfg", "csresnet50"),
    ("classify/cspresnext-50.cfg", "csresnext50"),
    ("classify/darknet-53.cfg", "darknet53"),
    ("classify/darknet-ref.cfg", "darknet"),
    ("classify/densenet-201.cfg", "densenet201"),
    ("classify/resnet-10.cfg", "resnet10"),
    ("classify/resnet-50.cfg", "resnet50"),
    ("classify/resnext-50.cfg", "resnext50"),
    ("detect/cspdarknet-53-panet-spp.cfg", "csdarknet53-panet-spp"),
    ("detect/cspresnet-50-panet-spp.cfg", "csresnet50-panet-spp"),
    ("detect/cspresnext-50-panet-spp.cfg", "csresnext50-panet-spp"),
    ("detect/efficientnet-b0-prn.cfg", "enet-coco"),
    ("detect/yolov3-spp.cfg", "yolov3-spp"),
    ("detect/yolov3-tiny-prn.cfg", "yolov3-tiny-prn"),
    ("detect/yolov3-tiny.cfg", "yolov3-tiny"),
    ("detect/yolov3.cfg", "yolov3"),
    ("detect/yolov4-tiny.cfg", "yolov4-tiny"),
    ("detect/yolov4.cfg", "yolov4"),
  ].map { PublishedTwin(name: $0.0, golden: $0.1) }
}

extension Double {
  /// With so many digits after the point.
  fileprivate func digits(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
