import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import Testing

/// Wiring that nobody draws, and that must neither crash nor take forever.
struct HostileGraphTests {
  private func anatomy(_ sections: String) throws -> Anatomy {
    let net = "[net]\nwidth=4\nheight=4\nchannels=1\n"
    return Anatomy(try Graph(CfgFile(text: net + sections, name: "hostile.cfg")))
  }

  @Test(.timeLimit(.minutes(1)))
  func `joins of joins are not opened again and again`() throws {
    let doubled = String(repeating: "[route]\nlayers=-1,-1\n", count: 30)
    #expect(try anatomy("[convolutional]\nactivation=linear\n" + doubled).parts.count == 31)
  }

  @Test(.timeLimit(.minutes(1)))
  func `fusions of fusions are followed once`() throws {
    var text = "[convolutional]\nfilters=6\nactivation=linear\n[upsample]\nstride=1\n"
    text += "[convolutional]\nfilters=6\nactivation=linear\n"
    for _ in 0..<60 { text += "[shortcut]\nfrom=-2\nactivation=linear\n" }
    text += "[yolo]\nmask=0\nnum=1\nanchors=1,1\nclasses=1\n"
    #expect(try anatomy(text).pyramid?.heads.count == 1)
  }

  @Test(.timeLimit(.minutes(1)))
  func `a thousand dense layers are still described`() throws {
    var text = "[convolutional]\nfilters=2\nactivation=linear\n"
    for _ in 0..<1000 {
      text +=
        "[convolutional]\nfilters=1\nsize=3\npad=1\nactivation=linear\n[route]\nlayers=-1,-2\n"
    }
    #expect(try anatomy(text).parts.count == 2001)
  }

  @Test(arguments: [
    "[upsample]\nstride=2\n",
    "[yolo]\nmask=0\nnum=1\nanchors=1,1\nclasses=1\n",
    "[route]\nlayers=0\n",
    "[avgpool]\n[softmax]\n",
    "[connected]\noutput=4\nactivation=linear\n[dropout]\n[softmax]\n",
    "[maxout]\nout_channels=1\n",
  ])
  func `networks without a backbone have an anatomy and a picture`(sections: String) throws {
    let net = "[net]\nwidth=4\nheight=4\nchannels=6\n"
    let checked = Graph.check(CfgFile(text: net + sections, name: "tiny.cfg"))
    guard let graph = checked.graph else { return }
    let report = NetworkReport(graph)
    #expect(!report.parts.isEmpty)
    #expect(GraphPicture(graph, report).svg.hasPrefix("<svg "))
    #expect(CostChart([report]).svg.hasPrefix("<svg "))
    #expect(!DotGraph(graph, report).text.isEmpty)
  }

  private static let small = "[net]\nwidth=2\nheight=2\nchannels=2\n"
  private static let point = "[convolutional]\nfilters=2\nactivation=linear\n"
  private static let join = "[route]\nlayers=-1,-2\n[maxout]\nout_channels=2\n"
  private static let many = 10_000

  /// Chains in which each layer has few neighbours, and joins that read very many layers.
  @Test(arguments: [
    small + String(repeating: point, count: many),
    small + point + String(repeating: "[shortcut]\nfrom=-1\nactivation=leaky\n", count: many),
    small + point + point + String(repeating: join, count: many / 2),
    small + String(repeating: point, count: many / 2) + "[route]\nlayers="
      + (1...many / 2).map { "-\($0)" }.joined(separator: ",") + "\n",
    small + point + String(repeating: "[route]\nlayers=-1\n", count: many),
    small + point + String(repeating: "[dropout]\n[cost]\n", count: many / 2),
  ])
  func `ten thousand layers are counted and planned, and not taken apart`(text: String) throws {
    let graph = try Graph(CfgFile(text: text, name: "hostile.cfg"))
    let report = NetworkReport(graph)
    #expect(report.cost.layers.count == graph.nodes.count)
    #expect(report.anatomy.excess ?? 0 > Anatomy.maxSize)
    #expect(report.anatomy.parts.count == graph.nodes.count)
    #expect(report.anatomy.lines.map(\.name) == ["structure"])
    #expect(report.parts.count == 1)
  }

  @Test(arguments: [
    "[maxpool]\nsize=2\nstride=2\npadding=2\n", "[maxpool]\nsize=1024\nstride=1024\n",
  ])
  func `receptive fields stay numbers`(section: String) throws {
    let text = Self.small + String(repeating: section, count: 1200)
    let report = NetworkReport(try Graph(CfgFile(text: text, name: "hostile.cfg")))
    for layer in report.cost.layers {
      let field = layer.field
      let values = [field.width, field.height, field.strideX, field.strideY]
      #expect(values.allSatisfy { $0.isFinite && $0 >= 0 })
    }
  }
}
