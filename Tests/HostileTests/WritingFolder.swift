import Foundation
import TestSupport

/// A folder in which every writing command runs well.
struct WritingFolder {
  let folder: TemporaryFolder

  init() throws { try self.init(filling: TemporaryFolder()) }

  init(filling folder: TemporaryFolder) throws {
    self.folder = folder
    for name in ["net.cfg", "drawing.svg", "zoo/net.cfg", "t/trace.json", "t/parameters.weights"] {
      try folder.write(Self.detector, to: name)
    }
    try folder.write(Self.classifier, to: "classes.cfg")
    try folder.write("person\ncat\n", to: "net.names")
    try folder.write("low\nmiddle\nhigh\n", to: "three.names")
    try folder.write("names = net.names\n", to: "net.data")
    try folder.write(
      "classes = 2\ntrain = train.txt\nvalid = train.txt\nnames = net.names\nbackup = backup\n",
      to: "set.data")
    try folder.write("p/a.ppm\n", to: "train.txt")
    try folder.write("../p/a.ppm\n", to: "lists/list.txt")
    try folder.write("1 0.5 0.5 0.25 0.5\n", to: "p/a.txt")
    try folder.write("b.ppm\n", to: "pictures.txt")
    try folder.write("b.ppm\nb.ppm\n", to: "a.txt")
    try folder.write("b.ppm\n", to: "b.txt")
    try folder.write("person\ncat\n", to: "o/a.txt")
    for name in ["a.ppm", "b.ppm", "p/a.ppm", "predictions.jpg"] {
      try folder.write(
        Array("P6\n8 4\n255\n".utf8) + [UInt8](repeating: 90, count: 96), to: name)
    }
    for name in ["net.weights", "t/outputs.f32", "r/net_last.weights", "r/net_7.weights"] {
      try folder.write(Self.weights, to: name)
    }
  }

  /// The record that `zoo check` reads.
  func addRecord() throws { try run("zoo check zoo --update --size 32") }

  /// A header and the numbers of the two convolutions, all small.
  private static let weights: [UInt8] = {
    let header = [UInt32]([0, 2, 0, 0, 0])
    let numbers = [Float](repeating: 0.01, count: 8 * 27 + 8 + 14 * 8 + 14).map(\.bitPattern)
    return (header + numbers).flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
    }
  }()

  @discardableResult
  func run(_ line: String) throws -> CommandResult {
    try run(line.split(separator: " ").map(String.init))
  }

  func run(_ arguments: [String], limit: String? = nil) throws -> CommandResult {
    try RunningCommand([builtProgram()] + arguments, in: folder.path, limit: limit)
      .wait(seconds: 600)
  }

  /// What every file holds, hidden ones too.
  var contents: [String: [UInt8]] {
    get throws {
      try Dictionary(uniqueKeysWithValues: folder.files.map { ($0, try folder.bytes($0)) })
    }
  }

  private static let detector = """
    [net]
    width=32
    height=32
    channels=3
    batch=1
    subdivisions=1
    max_batches=10

    [convolutional]
    filters=8
    size=3
    stride=2
    pad=1
    activation=leaky

    [maxpool]
    size=16
    stride=16

    [convolutional]
    filters=14
    size=1
    stride=1
    activation=linear

    [yolo]
    mask=0,1
    anchors=16,8, 8,24
    classes=2
    num=2

    """

  private static let classifier = """
    [net]
    width=2
    height=2
    channels=3

    [connected]
    output=3
    activation=linear

    [softmax]

    """
}
