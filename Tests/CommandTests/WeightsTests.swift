import Foundation
import TestSupport
import Testing

struct WeightsCommandTests {
  private static func cfg(classes: Int = 1) -> String {
    """
    [net]
    width=32
    height=32
    channels=3
    batch=8
    subdivisions=2
    [convolutional]
    batch_normalize=1
    filters=2
    size=1
    activation=leaky
    [maxpool]
    stride=2
    [convolutional]
    filters=\(classes + 5)
    activation=linear
    [yolo]
    mask=0
    anchors=10,10
    num=1
    classes=\(classes)
    """
  }

  /// A folder with a cfg and the weights that its seed gives.
  private func folder(seed: Int = 1) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg(), to: "net.cfg")
    let made = try penumbra(
      "weights", "net.cfg", "--seed", "\(seed)", "--out", "net.weights", in: folder.path)
    #expect(made.exitCode == 0)
    #expect(made.stdout == "")
    #expect(made.stderr == "148 bytes written to net.weights: 4 layers, 32 numbers\n")
    return folder
  }

  private func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  /// Changes one number of the file.
  private func put(_ bits: UInt32, at index: Int, in folder: TemporaryFolder) throws {
    var file = try bytes(folder.file("net.weights"))
    for i in 0..<4 { file[20 + 4 * index + i] = UInt8(truncatingIfNeeded: bits >> (8 * i)) }
    try folder.write(file, to: "net.weights")
  }

  // MARK: Listing

  @Test func `lists the tensors of a file that fits`() throws {
    let folder = try folder()
    let result = try penumbra("weights", "net.cfg", "net.weights", in: folder.path)
    #expect(result.stderr == "")
    #expect(result.exitCode == 0)
    let lines = result.stdout.split(separator: "\n", omittingEmptySubsequences: false).map(
      String.init)
    #expect(
      lines[0]
        == "layer  section        tensor            offset  count      mean      rms       min      max"
    )
    #expect(lines[5].hasPrefix("    0  convolutional  weights               52      6  "))
    #expect(lines[7].hasPrefix("    2  convolutional  weights              100     12  "))
    #expect(
      lines.suffix(6).joined(separator: "\n") == """
        file    net.weights
        header  version 0.2.5, 20 bytes; seen 32013312 images, iteration 4001664
        floats  32
        bytes   148 expected and found: the file fits
        flags   none

        """)
  }

  @Test func `without a file lists where the tensors belong`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg(), to: "net.cfg")
    let result = try penumbra("weights", "net.cfg", in: folder.path)
    #expect(
      result.stdout == """
        layer  section        tensor            offset  count
            0  convolutional  biases                20      2
            0  convolutional  scales                28      2
            0  convolutional  rolling_mean          36      2
            0  convolutional  rolling_variance      44      2
            0  convolutional  weights               52      6
            2  convolutional  biases                76      6
            2  convolutional  weights              100     12

        floats  32
        bytes   148 expected

        """)
  }

  @Test func `prints one object as JSON`() throws {
    let folder = try folder()
    let result = try penumbra("weights", "net.cfg", "net.weights", "--json", in: folder.path)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "cfg", "expected_bytes", "file", "fits", "floats", "found_bytes", "header", "layers_held",
        "tensors",
      ])
    #expect(object["fits"] as? Bool == true)
    let header = try #require(object["header"] as? [String: Any])
    #expect(header["iteration"] as? Int == 4_001_664)
    let tensors = try #require(object["tensors"] as? [[String: Any]])
    #expect(
      tensors[4].keys.sorted() == [
        "count", "deviation", "infinities", "layer", "max", "mean", "min", "nans",
        "negative_variances", "offset", "rms", "section", "tensor", "zero_filters",
      ])
  }

  // MARK: Flags

  @Test(arguments: [
    (0, UInt32(0x7FC0_0000), "1 NaN"), (2, 0xFF80_0000, "1 infinity"),
    (7, 0xBF80_0000, "1 negative variance"),
  ])
  func `broken numbers are flagged, and fail a check`(index: Int, bits: UInt32, flag: String) throws
  {
    let folder = try folder()
    try put(bits, at: index, in: folder)
    let listed = try penumbra("weights", "net.cfg", "net.weights", in: folder.path)
    #expect(listed.exitCode == 0)
    #expect(listed.stdout.hasSuffix("flags   \(flag)\n"))
    let checked = try penumbra("weights", "net.cfg", "net.weights", "--check", in: folder.path)
    #expect(checked.exitCode == 1)
    #expect(checked.stdout == listed.stdout)
  }

  @Test func `filters of zeros are listed, and pass a check`() throws {
    let folder = try folder()
    for index in 11..<14 { try put(0, at: index, in: folder) }
    let result = try penumbra("weights", "net.cfg", "net.weights", "--check", in: folder.path)
    #expect(result.exitCode == 0)
    #expect(result.stdout.contains("1 zero filter: 1\n"))
    #expect(result.stdout.hasSuffix("flags   1 filter of zeros\n"))
  }

  // MARK: Files that do not fit

  @Test func `says which classes a file was made for`() throws {
    let folder = try folder()
    try folder.write(Self.cfg(classes: 20), to: "twenty.cfg")
    let result = try penumbra("weights", "twenty.cfg", "net.weights", in: folder.path)
    #expect(result.exitCode == 65)
    #expect(result.stdout == "")
    #expect(
      result.stderr == """
        net.weights: error: the file ends at byte 148, in the biases of layer 2 [convolutional] \
        that start at byte 76; the cfg needs 376 bytes
        help: the file fits with classes=1 (filters=6 before each head)

        """)
    let json = try penumbra("weights", "twenty.cfg", "net.weights", "--json", in: folder.path)
    #expect(json.exitCode == 65)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "cfg", "error", "expected_bytes", "file", "fits", "found_bytes", "help",
      ])
  }

  @Test func `a cut-off file is read with --partial alone`() throws {
    let folder = try folder()
    let cut = try penumbra(
      "weights", "net.cfg", "net.weights", "--upto", "2", "--out", "net.conv.2", in: folder.path)
    #expect(cut.stderr == "76 bytes written to net.conv.2: 2 layers, 14 numbers\n")
    let whole = try bytes(folder.file("net.weights"))
    var expected = Array(whole.prefix(76))
    expected.replaceSubrange(12..<20, with: Array(repeating: 0, count: 8))
    #expect(try bytes(folder.file("net.conv.2")) == expected)

    let refused = try penumbra("weights", "net.cfg", "net.conv.2", in: folder.path)
    #expect(refused.exitCode == 65)
    #expect(
      refused.stderr.hasSuffix(
        "help: the file holds layers 0 to 0 (.conv.1): 'penumbra train CFG DATA --from FILE' starts"
          + " from it, and commands that have --partial take it\n"))
    let read = try penumbra("weights", "net.cfg", "net.conv.2", "--partial", in: folder.path)
    #expect(read.exitCode == 0)
    #expect(
      read.stdout.contains(
        "148 expected, 76 found: the first 1 layer (.conv.1); the rest has its initial values"))
  }

  @Test func `rewrites a file byte for byte`() throws {
    let folder = try folder()
    let result = try penumbra(
      "weights", "net.cfg", "net.weights", "--out", "again.weights", in: folder.path)
    #expect(result.exitCode == 0)
    #expect(try bytes(folder.file("again.weights")) == bytes(folder.file("net.weights")))
  }

  @Test(arguments: [
    (["--out", "x"], 64, "--out needs numbers to write: give FILE or --seed"),
    (["net.weights", "--seed", "1"], 64, "give FILE or --seed, not both"),
    (["net.weights", "--upto", "1"], 64, "--upto needs --out"),
    (["net.weights", "--upto", "9", "--out", "x"], 65, "--upto is 9, but net.cfg has 4 layers"),
    (["net.weights", "--out", "missing/x"], 73, "there is no such folder"),
    (["nowhere.weights"], 66, "nowhere.weights: error: there is no such file"),
    (["."], 65, "this is a folder, not a weights file"),
  ])
  func `refuses what cannot be done`(arguments: [String], status: Int32, text: String) throws {
    let folder = try folder()
    let result = try penumbra(["weights", "net.cfg"] + arguments, in: folder.path)
    #expect(result.exitCode == status)
    #expect(result.stderr.contains(text))
    #expect(folder.files == ["net.cfg", "net.weights"])
  }
}
