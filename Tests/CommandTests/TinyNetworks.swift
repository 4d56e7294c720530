import Foundation
import TestSupport

/// A folder with a detector and a classifier that see the same in every picture, and pictures.
struct TinyNetworks {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.detectorCfg, to: "net.cfg")
    try folder.write(weights(biases: Self.detectorBiases, zeros: 14 * 3), to: "net.weights")
    try folder.write("person\ncat\n", to: "net.names")
    try folder.write("classes = 2\nnames = net.names\n", to: "net.data")
    try folder.write(Self.classifierCfg, to: "classifier/net.cfg")
    try folder.write(weights(biases: [0, 1, 2], zeros: 3 * 12), to: "classifier/net.weights")
    try folder.write("low\nmiddle\nhigh\n", to: "classifier/net.names")
    try folder.write("names = classifier/net.names\ntop = 2\n", to: "classifier/net.data")
    try picture("a.ppm")
  }

  /// Writes a picture of 8x4 pixels.
  func picture(_ name: String) throws {
    try folder.write(Array("P6\n8 4\n255\n".utf8) + [UInt8](repeating: 90, count: 96), to: name)
  }

  /// Runs a command line, split at blanks, in the folder. Times become `N`.
  func run(_ line: String, stdin: String = "") throws -> CommandResult {
    let result = try penumbra(
      line.split(separator: " ").map(String.init), stdin: stdin, in: folder.path)
    let stdout = result.stdout
      .replacing(#/[0-9.]+ (?<unit>ms|milli-seconds)/#) { "N \($0.unit)" }
      .replacing(#/"milliseconds"(?<colon> ?: ?)[0-9.e-]+/#) { "\"milliseconds\"\($0.colon)N" }
    return CommandResult(stdout: stdout, stderr: result.stderr, exitCode: result.exitCode)
  }

  // MARK: Networks

  /// One cell and two anchors. In a picture of 8x4 pixels:
  ///
  /// | left | top | width | height | objectness | person | cat |
  /// |---|---|---|---|---|---|---|
  /// | 2 | 1.5 | 4 | 1 | .880797 | .5 | .880797 |
  /// | 3 | 0.5 | 2 | 3 | .5 | .880797 | 0 |
  static let detectorCfg = """
    [net]
    width=32
    height=32
    channels=3

    [maxpool]
    size=32
    stride=32

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

  private static let detectorBiases: [Float] = [
    0, 0, 0, 0, 2, 0, 2,
    0, 0, 0, 0, 0, 3, -60,
  ]

  private static let classifierCfg = """
    [net]
    width=2
    height=2
    channels=3

    [connected]
    output=3
    activation=linear

    [softmax]

    """

  private func weights(biases: [Float], zeros: Int) -> [UInt8] {
    let header: [UInt8] = [0, 2, 5].flatMap { [$0, 0, 0, 0] } + [UInt8](repeating: 0, count: 8)
    let values = biases + [Float](repeating: 0, count: zeros)
    return header
      + values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
      }
  }
}
