import Foundation
import Penumbra
import PenumbraEngine
import TestSupport
import Testing

struct PlainDarknetTests {
  // MARK: The text

  private func lowered(_ layers: String) throws -> String {
    let bytes = Array((Self.net + layers).utf8)
    let file = CfgFile(bytes: bytes, name: "test.cfg")
    let plain = try PlainDarknet(file, Graph(file))
    let text = String(decoding: plain.edits.applied(to: bytes), as: UTF8.self)
    return String(text.dropFirst(Self.net.count))
  }

  private static let net = "[net]\nwidth=4\nheight=4\nchannels=3\n"
  private static let convolution = "[convolutional]\nfilters=8\nactivation=linear\n"

  @Test(arguments: [
    (
      "ratio=0.5\ntake=block", "ratio=0.5 take=block",
      "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n"
    ),
    (
      "take=bypass\nfrom=0\nchannels=2", "channels=2 take=bypass",
      "[route]\nlayers=0\ngroups=4\ngroup_id=0\n"
    ),
    (
      "ratio = .75\ntake = bypass", "ratio=.75 take=bypass",
      """
      [route]
      layers=-1
      groups=2
      group_id=0

      [route]
      layers=-2
      groups=4
      group_id=2

      [route]
      layers=-2,-1

      """
    ),
    (
      "from=0\nchannels=5\ntake=block", "channels=5 take=block",
      """
      [route]
      layers=0
      groups=8
      group_id=5

      [route]
      layers=0
      groups=4
      group_id=3

      [route]
      layers=-2,-1

      """
    ),
  ])
  func `a share becomes the fewest parts`(keys: String, was: String, routes: String) throws {
    #expect(
      try lowered("\(Self.convolution)[partial]\n\(keys)\n")
        == "\(Self.convolution)# [partial] \(was)\n\(routes)")
  }

  @Test func `maxout becomes a pool across channels`() throws {
    #expect(
      try lowered("\(Self.convolution)[maxout]\npieces=3\n") == """
        \(Self.convolution)# [maxout] pieces=3
        [maxpool]
        maxpool_depth=1
        out_channels=3
        size=1
        stride=1

        """)
  }

  @Test func `references across new sections are renumbered, in the manner they were written`()
    throws
  {
    let tail = { (route: String, from: String, shared: String, embedding: String) in
      """

      # joined -2, -4
      [route]
      layers = -1, \(route)   # layers -1 and 0 stay
      [shortcut]
      from=\(from)
      activation=linear
      [convolutional]
      filters=16
      activation=linear
      [convolutional]
      filters=16
      share_index=\(shared)
      activation=linear
      [convolutional]
      filters=14
      activation=linear
      [yolo]
      mask=0,1
      num=2
      anchors=1,2,3,4
      classes=2
      embedding_layer=\(embedding)

      """
    }
    let head = Self.convolution + Self.convolution
    // Layers: 0 and 1 convolutions, 2 partial (lowered: 2 to 4), 3 convolution, 4 route, …
    let found = try lowered(
      head + "[partial]\nfrom=1\nchannels=6\ntake=bypass\n" + Self.convolution
        + tail("0", "-1,3,-4,2", "6", "999999"))
    #expect(
      found
        == head
          + """
          # [partial] channels=6 take=bypass
          [route]
          layers=1
          groups=2
          group_id=0

          [route]
          layers=1
          groups=4
          group_id=2

          [route]
          layers=-2,-1

          """ + Self.convolution + tail("0", "-1,5,-6,4", "8", "999999"))
    #expect(try lowered(found) == found)
  }

  @Test func `comments, keys of any section and the ends of lines stay where they are`() throws {
    let before = Array(
      """
      \u{FEFF}[net]\r
      width=4\r
      height=4\r
      channels=3\r
      \t[convolutional] \r
        filters = 8\r
      activation=linear\r
      # \u{B7}
      ; the split\r
      [partial]\r
      # half\r
      ratio=0.5\r
      stopbackward=1\r
      take=block\r
      [dropout]
      """.utf8)
    let odd = Array(before.map { $0 == 0xC2 ? 0xFF : $0 })  // no longer UTF-8
    let file = CfgFile(bytes: odd, name: "test.cfg")
    let after = try PlainDarknet(file, Graph(file)).edits.applied(to: odd)
    let expected = Array(
      """
      \u{FEFF}[net]\r
      width=4\r
      height=4\r
      channels=3\r
      \t[convolutional] \r
        filters = 8\r
      activation=linear\r
      # \u{B7}
      ; the split\r
      # [partial] ratio=0.5 take=block\r
      [route]\r
      layers=-1\r
      groups=2\r
      group_id=1\r
      # half\r
      stopbackward=1\r
      [dropout]
      """.utf8
    ).map { $0 == 0xC2 ? UInt8(0xFF) : $0 }
    #expect(after == expected)
  }

  @Test func `a split behind a blur is refused, pointing at it`() throws {
    let error = #expect(throws: CfgError.self) {
      try lowered(
        "[maxpool]\nsize=2\nstride=2\nantialiasing=1\n[partial]\nchannels=1\ntake=block\n")
    }
    #expect(
      error?.description == """
        test.cfg:9:1: error: this [partial] splits layer 0, whose antialiasing Darknet's [route] does \
        not see: it takes the size before the blur, so no [route] can stand for this section \
        [differs-from-darknet]
          [partial]
          ^~~~~~~~~
        help: split a 1x1 [convolutional] behind it, or leave antialiasing out of layer 0
        """)
  }

  // MARK: What it computes

  /// Lowers a cfg and compares both networks; how many sections were replaced.
  private func check(_ text: String, size: (width: Int, height: Int)? = nil) throws -> Int {
    let bytes = Array(text.utf8)
    let file = CfgFile(bytes: bytes, name: "test.cfg")
    let plain = try PlainDarknet(file, Graph(file))
    let after = CfgFile(bytes: plain.edits.applied(to: bytes), name: "lowered.cfg")
    let equivalence = try PlainDarknet.Equivalence(
      Graph(file, size: size), Graph(after, size: size), plain)
    for backend in everyBackend {
      #expect(
        try KernelChoice.held { try equivalence.firstDifference(on: backend) } == nil,
        "\(backend.name)\n\(text)")
    }
    return plain.replaced.values.reduce(0, +)
  }

  @Test(arguments: 0..<400)
  func `random networks compute the same to the bit when lowered`(seed: Int) throws {
    let cfg = RandomNetwork(seed: UInt64(20_000 + seed)).cfg
    do {
      _ = try check(cfg)
    } catch let error as CfgError {
      // A split behind a blur; the random networks have some.
      #expect(error.diagnostics.allSatisfy { $0.problem.code == .differsFromDarknet })
    }
  }

  @Test(arguments: [2, 3, 4, 6, 7, 8, 12, 16, 24, 30])
  func `every ratio of a layer's channels, and every maxout`(channels: Int) throws {
    var layers = ["[convolutional]\nfilters=\(channels)\nactivation=linear"]
    for bypass in 1..<channels {
      layers += [
        "[partial]\nfrom=0\nchannels=\(bypass)\ntake=block",
        "[partial]\nfrom=\(-layers.count - 1)\nchannels=\(bypass)\ntake=bypass",
        "[convolutional]\nfilters=3\nsize=3\npad=1\nactivation=leaky",
        "[route]\nlayers=-1,-3,\(layers.count)",
      ]
    }
    for outputs in 1...channels {
      layers += ["[route]\nlayers=0", "[maxout]\nout_channels=\(outputs)"]
    }
    #expect(try check(cfg(Shape(3, 5, 5), layers.joined(separator: "\n"))) == 3 * channels - 2)
  }

  @Test func `every cfg of the zoo computes the same to the bit when lowered`() throws {
    let folder = Shared.package.appendingPathComponent("cfg")
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    let cfgs = (names ?? []).filter { $0.hasSuffix(".cfg") }.sorted()
    #expect(!cfgs.isEmpty)
    for name in cfgs {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      let file = CfgFile(text: text, name: name)
      let plain = try PlainDarknet(file, Graph(file))
      // What is plain already stays as it is, and has nothing to compare.
      #expect(plain.edits.isEmpty == plain.replaced.isEmpty)
      if plain.replaced.isEmpty { continue }
      // Small, but for what fits one size alone: a global vector spread over a map.
      let isResizable = Graph.check(file, size: (64, 64)).diagnostics.allSatisfy {
        $0.severity < .error
      }
      _ = try check(text, size: isResizable ? (64, 64) : nil)
    }
  }

  @Test func `a range of channels is covered by the fewest equal parts`() {
    for total in 2...48 {
      for lower in 0..<total {
        for upper in lower + 1...total {
          let parts = ChannelParts.cover(lower..<upper, of: total)
          let covered = parts.flatMap { part in
            (part.index * total / part.groups)..<((part.index + 1) * total / part.groups)
          }
          #expect(covered == Array(lower..<upper), "\(lower)..<\(upper) of \(total)")
          #expect(parts.allSatisfy { total % $0.groups == 0 })
        }
      }
    }
    #expect(ChannelParts.cover(0..<48, of: 64).count == 2)
    #expect(ChannelParts.cover(21..<64, of: 64).map(\.groups) == [64, 32, 8, 2])
    #expect(ChannelParts.cover(3..<7, of: 7).count == 4)
  }
}
