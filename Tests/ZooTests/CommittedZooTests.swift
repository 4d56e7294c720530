import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraZoo
import TestSupport
import Testing

/// The record that stands beside the project's own cfgs, and what it catches.
struct CommittedZooTests {
  private static let folder = Shared.package.appendingPathComponent("cfg")
  private let record: ZooRecord

  init() throws {
    let file = Self.folder.appendingPathComponent(ZooRecord.fileName)
    record = try ZooRecord(json: Data(contentsOf: file), name: file.path)
  }

  @Test func `the record has every cfg, and no other`() throws {
    let names = FileManager.default.enumerator(atPath: Self.folder.path)?.compactMap {
      $0 as? String
    }
    #expect((names ?? []).filter { $0.hasSuffix(".cfg") }.sorted() == record.networks.keys.sorted())
  }

  @Test func `the record is a few hundred kilobytes at most`() throws {
    #expect(record.json.utf8.count < 800_000)
  }

  /// The text of a cfg with one value replaced.
  private func mutated(_ lines: [String], _ entry: CfgFile.Entry, _ value: String) -> String {
    var lines = lines
    lines[entry.keyLocation.line - 1] = "\(entry.key)=\(value)"
    return lines.joined(separator: "\n")
  }

  @Test(arguments: ["filters", "activation", "size"])
  func `a filter count, an activation or a kernel changed by hand is named with its layer`(
    key: String
  ) throws {
    for (name, network) in record.networks {
      let path = Self.folder.appendingPathComponent(name).path
      let file = try CfgFile(contentsOf: path)
      let layers = try Graph(file).nodes.indices.filter {
        file.sections[$0 + 1].name == "convolutional" && file.sections[$0 + 1].entry(key) != nil
      }
      for layer in Set([layers.first, layers[layers.count / 2], layers.last].compactMap { $0 }) {
        let entry = try #require(file.sections[layer + 1].entry(key))
        let other =
          key == "activation"
          ? (entry.value == "relu" ? "leaky" : "relu") : "\((Int(entry.value) ?? 0) + 2)"
        let text = mutated(file.lines, entry, other)
        let report = NetworkCheck(record).check(
          CfgFile(text: text, name: path), named: name, against: network, on: [])
        let first = report.differences.first { $0.check == .layers }
        #expect(first?.layer == layer && first?.key == key, "\(name), layer \(layer)")
        #expect(first?.found == other && first?.expected == entry.value)
        #expect(first?.line == entry.keyLocation.line)
      }
    }
  }

  @Test func `what is computed shows it too`() throws {
    let name = try #require(record.networks.keys.sorted().first)
    let network = try #require(record.networks[name])
    let file = try CfgFile(contentsOf: Self.folder.appendingPathComponent(name).path)
    let layer = try #require(file.sections.firstIndex { $0.entry("activation")?.value == "leaky" })
    let entry = try #require(file.sections[layer].entry("activation"))
    let text = mutated(file.lines, entry, "relu")
    let report = NetworkCheck(record).check(
      CfgFile(text: text, name: name), named: name, against: network, on: [BlasBackend()])
    #expect(report.differences.map(\.check) == [.layers, .outputs])
    #expect(report.differences.map(\.layer) == [layer - 1, layer - 1])
  }
}
