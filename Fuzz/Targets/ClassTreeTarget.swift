import Penumbra
import PenumbraEngine

extension FuzzTarget {
  /// A tree of classes, named by a cfg with as many classes as it has lines, and the network run.
  static let tree = FuzzTarget(
    "tree", dictionary: ["-1\n", " 0\n", "\ta -1\r\n"],
    seeds: ["animal -1\ndog 0\ncat 0\nhound 1\n", "a -1\nb -1\n"].map { Array($0.utf8) }
  ) { bytes in
    _ = ScratchFiles.write(bytes, to: "classes.tree")
    let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).count
    let classes = min(max(1, lines), 100)
    guard let graph = detector(classes: classes, naming: "tree=classes.tree") else { return }
    var choices = Choices(of: bytes)
    try Trial(graph: graph).run(&choices)
  }

  /// The map from labels to classes that training reads.
  static let classMap = FuzzTarget(
    "map", dictionary: ["0\n", "19\r\n"], seeds: [Array("0\n3\n19\n".utf8)]
  ) { bytes in
    _ = ScratchFiles.write(bytes, to: "classes.map")
    _ = detector(classes: 20, naming: "map=classes.map")
  }

  /// A small detector whose head names a file next to its cfg.
  private static func detector(classes: Int, naming line: String) -> Graph? {
    let cfg = """
      [net]
      width=32
      height=32
      channels=3
      [convolutional]
      filters=\(classes + 5)
      activation=linear
      [region]
      classes=\(classes)
      num=1
      softmax=1
      anchors=1,2
      \(line)
      """
    let check = Graph.check(CfgFile(text: cfg, name: ScratchFiles.folder + "/fuzz.cfg"))
    for diagnostic in check.diagnostics { _ = "\(diagnostic)" }
    return check.graph
  }
}
