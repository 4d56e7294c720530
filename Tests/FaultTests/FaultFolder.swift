import Foundation
import TestSupport

/// What every faulty run finds in its folder: two small networks, a data set of two pictures, a zoo.
enum FaultFolder {
  static func make(for command: FaultCommand) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(net(learningKeys: ""), to: "net.cfg")
    try folder.write(
      net(learningKeys: "batch=2\nsubdivisions=1\nlearning_rate=0.001\nmax_batches=2\n"),
      to: "train.cfg")
    try folder.write(partial, to: "partial.cfg")
    try folder.write(net(learningKeys: ""), to: "zoo/net.cfg")
    try folder.write("person\ncat\n", to: "net.names")
    for (index, name) in ["a", "b"].enumerated() {
      let pixels = (0..<32 * 32 * 3).map { UInt8(($0 * (7 + index)) % 251) }
      try folder.write(Array("P6\n32 32\n255\n".utf8) + pixels, to: name + ".ppm")
      try folder.write("\(index) 0.5 0.5 0.4 0.3\n", to: name + ".txt")
    }
    try folder.write("a.ppm\nb.ppm\n", to: "list.txt")
    try folder.write(
      "classes=2\ntrain=list.txt\nvalid=list.txt\nnames=net.names\nbackup=run\n", to: "set.data")
    let weights = try penumbra(
      "weights", "net.cfg", "--seed", "1", "--out", "net.weights", in: folder.path)
    guard weights.exitCode == 0 else { throw CommandRunnerError(description: weights.stderr) }
    for (name, text) in command.old { try folder.write(text, to: name) }
    return folder
  }

  private static func net(learningKeys: String) -> String {
    """
    [net]
    width=32
    height=32
    channels=3
    \(learningKeys)
    [convolutional]
    filters=16
    size=3
    stride=2
    pad=1
    batch_normalize=1
    activation=leaky
    [convolutional]
    filters=32
    size=3
    stride=4
    pad=1
    activation=leaky
    [convolutional]
    filters=14
    size=1
    activation=linear
    [yolo]
    mask=0,1
    anchors=10,10, 20,14
    classes=2
    num=2

    """
  }

  private static let partial = """
    [net]
    width=16
    height=16
    channels=3
    [convolutional]
    filters=8
    activation=leaky
    [partial]
    ratio=0.5
    take=block
    [convolutional]
    filters=4
    activation=leaky

    """
}
