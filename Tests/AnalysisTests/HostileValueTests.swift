import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import Testing

/// Every key of every section at the values at which arithmetic breaks: a network is refused, or all
/// that can be said of it is said.
struct HostileValueTests {
  private static let values = [
    "-1", "0", "1", "2147483647", "-2147483648", "1000000000", "1048576", "65536", "1024", "255",
    "9223372036854775807", "nan", "inf", "1e38", "0.5", "", "999999,999999", "-1,-1,-1",
  ]

  /// What a section needs besides the key that is tried.
  private static let needs = [
    "route": "layers=-1,-2", "shortcut": "from=-2", "partial": "ratio=0.5\ntake=block",
    "scale_channels": "from=-2", "sam": "from=-2", "crop": "crop_width=3\ncrop_height=3",
  ]

  private static func network(_ section: String, _ lines: String) -> String {
    let filters = ["yolo": 25, "region": 25, "Gaussian_yolo": 29][section] ?? 16
    return """
      [net]
      width=32
      height=32
      channels=3
      [convolutional]
      filters=\(filters)
      size=3
      pad=1
      activation=linear
      [convolutional]
      filters=\(filters)
      activation=linear
      [\(section)]
      \(lines)
      [convolutional]
      filters=4
      size=3
      pad=1
      batch_normalize=1
      activation=leaky
      [connected]
      output=5
      activation=linear
      [softmax]
      """
  }

  private func examine(_ text: String) {
    let check = Graph.check(CfgFile(text: text, name: "hostile.cfg"))
    guard let graph = check.graph else {
      #expect(check.diagnostics.contains { $0.severity == .error })
      return
    }
    let report = NetworkReport(graph)
    #expect(report.cost.total.parameters >= 0 && report.cost.total.bytes >= 0)
    #expect(report.cost.total.darknetOperations >= 0 && report.memory.arenaBytes >= 0)
    #expect(report.memory.unsharedBytes >= 0 && report.weightsBytes >= 0)
    #expect(report.anatomy.parts.count == graph.nodes.count)
    _ = report.anatomy.lines
  }

  @Test(arguments: LayerRegistry.builtin.layers.map { $0.spec.name })
  func `no value of a layer's key ends the program`(section: String) throws {
    let spec = try #require(LayerRegistry.builtin[section]).spec
    let needs = (Self.needs[section] ?? "").split(separator: "\n").map(String.init)
    for key in spec.keys where key.name != "map" && key.name != "tree" {
      let others = needs.filter { !$0.hasPrefix(key.name + "=") }
      for value in Self.values {
        examine(
          Self.network(section, (others + ["\(key.name)=\(value)"]).joined(separator: "\n")))
      }
    }
  }

  @Test func `no value of a key of net ends the program`() {
    for key in NetSection.spec.keys {
      for value in Self.values {
        let text = Self.network("empty", "")
        examine("[net]\n\(key.name)=\(value)\n" + text.dropFirst("[net]\n".count))
      }
    }
  }

  @Test(arguments: [
    "[convolutional]\nfilters=1048576\nsize=255\npad=1\nactivation=linear\n",
    "[local]\nfilters=1024\nsize=31\nactivation=linear\n", "[upsample]\nstride=64\n",
    "[connected]\noutput=60000\nactivation=linear\n",
  ])
  func `many layers of the largest sizes are refused or counted`(section: String) {
    for side in [1, 32, 65536] {
      let net = "[net]\nwidth=\(side)\nheight=\(side)\nchannels=4096\n"
      for count in [1, 2, 40] { examine(net + String(repeating: section, count: count)) }
    }
  }
}
