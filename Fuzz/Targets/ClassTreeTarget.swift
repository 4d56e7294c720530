import Penumbra
import PenumbraCfg
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
      tree=classes.tree
      anchors=1,2
      """
    let file = CfgFile(text: cfg, name: ScratchFiles.folder + "/fuzz.cfg")
    let check = Graph.check(file)
    for diagnostic in check.diagnostics { _ = "\(diagnostic)" }
    guard let graph = check.graph else { return }
    var choices = Choices(of: bytes)
    try Trial(graph: graph).run(&choices)
  }

  /// The map from labels to classes that training reads.
  static let classMap = FuzzTarget(
    "map", dictionary: ["0\n", "19\r\n"], seeds: [Array("0\n3\n19\n".utf8)]
  ) { bytes in
    _ = ScratchFiles.write(bytes, to: "classes.map")
    let file = CfgFile(
      text: "[region]\nclasses=20\nmap=classes.map\n", name: ScratchFiles.folder + "/fuzz.cfg")
    _ = try ClassMap(file.sections[0], spec: Region.spec, classes: 20)
  }
}
