import Foundation
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

/// Pictures that a reader does not stumble over, of every detector in `cfg/`.
struct GraphLayoutTests {
  static let detectors: [String] = {
    let folder = Shared.package.appendingPathComponent("cfg/detect").path
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.filter { $0.hasSuffix(".cfg") }.sorted()
  }()

  private func layout(_ name: String) throws -> GraphLayout {
    let path = Shared.package.appendingPathComponent("cfg/detect/\(name)").path
    let wiring = Wiring(try Graph(CfgFile(contentsOf: path)))
    return GraphLayout(UnitCollector.units(wiring, Anatomy(wiring)), top: 60)
  }

  @Test func `there are detectors to draw`() { #expect(Self.detectors.count > 20) }

  @Test(arguments: detectors)
  func `no two boxes touch, and none leaves the picture`(name: String) throws {
    let layout = try layout(name)
    for (index, frame) in layout.frames.enumerated() {
      #expect(frame.x >= 0 && frame.right <= layout.width && frame.bottom <= layout.height)
      for other in layout.frames[..<index] {
        let isApart =
          frame.right + 2 < other.x || other.right + 2 < frame.x || frame.bottom + 2 < other.y
          || other.bottom + 2 < frame.y
        #expect(isApart, "\(frame) \(other)")
      }
    }
  }

  @Test(arguments: detectors)
  func `no line runs through a box that it does not belong to`(name: String) throws {
    let layout = try layout(name)
    for edge in layout.edges {
      for (start, end) in zip(edge.points, edge.points.dropFirst()) {
        #expect(start.x == end.x || start.y == end.y)
        for (unit, frame) in layout.frames.enumerated()
        where unit != edge.source && unit != edge.target {
          let isClear =
            max(start.x, end.x) < frame.x || min(start.x, end.x) > frame.right
            || max(start.y, end.y) < frame.y || min(start.y, end.y) > frame.bottom
          #expect(isClear, "\(layout.units[edge.source].look) to \(layout.units[edge.target].look)")
        }
      }
    }
  }

  @Test(arguments: detectors)
  func `every unit that reads another one is joined to it by a line`(name: String) throws {
    let layout = try layout(name)
    for (target, unit) in layout.units.enumerated() where !unit.isStage {
      let sources = layout.edges.filter { $0.target == target }.map(\.source)
      #expect(sources.sorted() == unit.inputs.sorted())
      for edge in layout.edges where edge.target == target {
        let frame = layout.frames[target]
        let end = try #require(edge.points.last)
        #expect((frame.x - 0.01...frame.right + 0.01).contains(end.x))
        #expect((frame.y - 0.01...frame.bottom + 0.01).contains(end.y))
      }
    }
  }

  @Test func `all layers but those that repeat another one belong to a unit`() throws {
    for name in Self.detectors {
      let path = Shared.package.appendingPathComponent("cfg/detect/\(name)").path
      let wiring = Wiring(try Graph(CfgFile(contentsOf: path)))
      let units = UnitCollector.units(wiring, Anatomy(wiring))
      let shown = Set(units.flatMap(\.layers))
      #expect(wiring.indices.allSatisfy { shown.contains($0) || wiring.original($0) != $0 })
      #expect(units.reduce(0) { $0 + $1.layers.count } == shown.count, "\(name)")
    }
  }
}
