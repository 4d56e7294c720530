import PenumbraCfg
import PenumbraEngine
import Testing

/// Files that nobody writes by hand: none may crash, and none may take long.
struct HostileTests {
  private static let net = "[net]\nwidth=416\nheight=416\nchannels=3\n"
  private static let conv = "[convolutional]\nactivation=linear\n"

  private func check(_ text: String) -> Graph.Check {
    Graph.check(CfgFile(text: text, name: "net.cfg"))
  }

  @Test(.timeLimit(.minutes(5))) func `thirty thousand sections`() {
    let layers = String(repeating: "[convolutional]\nfilters=2\nactivation=leaky\n", count: 30_000)
    #expect(check(Self.net + layers).graph?.nodes.count == 30_000)
  }

  @Test(.timeLimit(.minutes(5))) func `ten thousand unknown keys and as many sections`() {
    let keys = (0..<10_000).map { "filtres\($0)=1\n" }.joined()
    let sections = (0..<10_000).map { "[convolutionol\($0)]\n" }.joined()
    #expect(check(Self.net + Self.conv + keys + sections).diagnostics.count == 20_000)
  }

  @Test(.timeLimit(.minutes(5))) func `lines of a megabyte`() throws {
    let long = String(repeating: "9", count: 1_000_000)
    let cfg = Self.net + Self.conv + "filters=\(long)\n\(long)\n#\(long)\n[\(long)]\n"
    let diagnostics = check(cfg).diagnostics
    #expect(diagnostics.map(\.problem.code) == [.outOfRange, .missingEquals, .unknownSection])
    for diagnostic in diagnostics { #expect(diagnostic.description.count < 1000) }
  }

  @Test(.timeLimit(.minutes(5))) func `lists of half a million elements`() {
    let many = Array(repeating: "-999", count: 500_000).joined(separator: ",")
    let cfg = Self.net + Self.conv + "filters=18\n[yolo]\nclasses=1\nnum=3\nanchors=1,1,1,1,1,1\n"
    #expect(check(cfg + "mask=\(many)\n[route]\nlayers=\(many)\n").graph == nil)
  }

  @Test func `bytes of every kind`() {
    for seed in 0..<200 {
      var state = UInt64(seed)
      let alphabet = Array("[]=#;,-.0123456789eE \t\r\nnetconvlutiayofrs_\u{0}\u{FF}".utf8)
      let bytes = (0..<400).map { _ -> UInt8 in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return alphabet[Int(state >> 33) % alphabet.count]
      }
      let head = seed % 2 == 0 ? Array(Self.net.utf8) + Array("[convolutional]\n".utf8) : []
      let file = CfgFile(bytes: head + bytes, name: "net.cfg")
      for diagnostic in Graph.check(file).diagnostics { #expect(!diagnostic.description.isEmpty) }
    }
  }
}
