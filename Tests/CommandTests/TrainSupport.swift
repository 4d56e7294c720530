import Foundation
import TestSupport

/// A folder with a tiny detector, a tiny classifier, and pictures of squares to learn from.
struct TinyTraining {
  let folder: TemporaryFolder

  init(images: Int = 8) throws {
    folder = try TemporaryFolder()
    try folder.write(Self.detector, to: "tiny.cfg")
    try folder.write(Self.classifier, to: "colours.cfg")
    try folder.write("light\ndark\n", to: "tiny.names")
    var list = ""
    for index in 0..<images {
      try addPicture(index)
      list += "pictures/\(index).ppm\n"
    }
    try folder.write(list, to: "train.txt")
    try folder.write(
      "classes = 2\ntrain = train.txt\nvalid = train.txt\nnames = tiny.names\nbackup = out\n",
      to: "tiny.data")
  }

  /// A square on grey, light or dark, with its label.
  private func addPicture(_ index: Int) throws {
    var generator = SeededGenerator(seed: UInt64(index))
    let isLight = index % 2 == 0
    let (side, size) = (32, generator.int(8...14))
    let (x, y) = (generator.int(0...side - size), generator.int(0...side - size))
    var pixels = [UInt8](repeating: 128, count: 3 * side * side)
    for row in y..<y + size {
      for column in x..<x + size {
        for channel in 0..<3 { pixels[3 * (row * side + column) + channel] = isLight ? 250 : 5 }
      }
    }
    let header = Array("P6\n\(side) \(side)\n255\n".utf8)
    try folder.write(header + pixels, to: "pictures/\(index).ppm")
    let (s, half) = (Double(side), Double(size) / 2)
    try folder.write(
      "\(isLight ? 0 : 1) \((Double(x) + half) / s) \((Double(y) + half) / s)"
        + " \(Double(size) / s) \(Double(size) / s)\n", to: "pictures/\(index).txt")
    for part in ["train", "val"] {
      try folder.write(
        header + pixels, to: "classes/\(part)/\(isLight ? "light" : "dark")/\(index).ppm")
    }
  }

  func run(_ line: String) throws -> CommandResult {
    try penumbra(line.split(separator: " ").map(String.init), in: folder.path)
  }

  func start(_ line: String, limit: String? = nil) throws -> RunningCommand {
    try RunningCommand(
      [builtProgram()] + line.split(separator: " ").map(String.init), in: folder.path, limit: limit)
  }

  func bytes(_ name: String) throws -> [UInt8] { try folder.bytes(name) }

  /// The numbers of a weights file, behind its header of 20 bytes.
  func numbers(_ name: String) throws -> [Float] {
    try bytes(name).dropFirst(20).withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: Float.self)
      }
    }
  }

  /// The lines of a log with an event of this name.
  func events(_ name: String, in log: String = "out/train.jsonl") throws -> [[String: Any]] {
    let lines = (folder.text(log) ?? "").split(separator: "\n")
    let objects = try lines.map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    return objects.filter { $0["event"] as? String == name }
  }

  /// The loss of each iteration.
  func losses(in log: String = "out/train.jsonl") throws -> [Double] {
    try events("iteration", in: log).map { $0["loss"] as? Double ?? .nan }
  }

  private static func net(_ more: String = "") -> String {
    """
    [net]
    width=32
    height=32
    channels=3
    batch=4
    subdivisions=2
    momentum=0.9
    decay=0.0005
    learning_rate=0.005
    burn_in=10
    max_batches=40
    policy=steps
    steps=30
    scales=.1
    \(more)

    """
  }

  private static func block(_ filters: Int) -> String {
    """
    [convolutional]
    batch_normalize=1
    filters=\(filters)
    size=3
    stride=2
    pad=1
    activation=leaky

    """
  }

  static let detector =
    net("hue=.1\nexposure=1.2") + block(8) + block(16) + block(16) + """
      [convolutional]
      filters=14
      size=1
      activation=linear
      [yolo]
      mask=0,1
      anchors=8,8, 14,14
      classes=2
      num=2
      jitter=.2
      ignore_thresh=.7
      iou_loss=ciou
      iou_normalizer=.07
      """

  static let classifier =
    net() + block(8) + block(8) + """
      [convolutional]
      filters=2
      size=1
      activation=linear
      [avgpool]
      [softmax]
      """
}
