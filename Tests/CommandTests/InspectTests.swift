import Foundation
import TestSupport
import Testing

struct InspectTests {
  private static let cfg = """
    [net]
    width=32
    height=32
    channels=3
    [convolutional]
    batch_normalize=1
    filters=16
    size=3
    stride=2
    pad=1
    activation=leaky
    [route]
    layers=-1
    groups=2
    group_id=1
    [convolutional]
    filters=8
    size=3
    pad=1
    groups=8
    activation=linear
    [route]
    layers=-1,-3
    [maxpool]
    size=2
    stride=2
    """

  private func inspect(_ options: String...) throws -> CommandResult {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "net.cfg")
    return try penumbra(["inspect", "net.cfg"] + options, in: folder.path)
  }

  @Test(arguments: [
    ([], "fp32", "direct 3x3"), (["--precision", "bf16", "--fp32-layers", "none"], "bf16", "bf16"),
  ])
  func `names the kernel and the numbers of each step`(
    options: [String], numbers: String, kernel: String
  ) throws {
    let folder = try TemporaryFolder()
    // Wide enough for products of narrower numbers; layer 2 is cut out of the second block.
    let cfg = """
      [net]
      width=16
      height=16
      channels=3
      [convolutional]
      filters=32
      size=3
      stride=2
      pad=1
      activation=leaky
      [convolutional]
      filters=32
      size=3
      stride=2
      pad=1
      activation=leaky
      [route]
      layers=-1
      [local]
      filters=2
      """
    try folder.write(cfg, to: "net.cfg")
    let result = try penumbra(
      ["inspect", "net.cfg", "--table", "kernels", "--winograd-memory", "0"] + options,
      in: folder.path)
    #expect(result.exitCode == 0, "\(result.stderr)")
    let rows = result.stdout.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(rows.first == ["layer", "section", "output", "numbers", "copied", "kernel"])
    // The first convolution reads an image's planes, whatever the precision.
    #expect(rows[1].prefix(4) == ["0", "convolutional", "8x8x32", "fp32"])
    #expect(rows[2].prefix(3) == ["1", "convolutional", "4x4x32"])
    // Without the instructions the note on stderr says that it is computed in fp32.
    let lacks = result.stderr.contains("computed in fp32")
    #expect(rows[2][3] == (lacks ? "fp32" : numbers[...]))
    #expect(rows[2].dropFirst(4).joined(separator: " ").contains(lacks ? "direct" : kernel))
    #expect(rows[3].contains("change-layout,") && rows[3].contains("KiB"))
    #expect(rows[4].last == "local")
    #expect(result.stdout.contains("of the blocked backend" + (options == [] ? "\n" : ", bf16\n")))

    let json = try penumbra(
      ["inspect", "net.cfg", "--table", "kernels", "--json"] + options, in: folder.path)
    let report = try JSONDecoder().decode(KernelReport.self, from: Data(json.stdout.utf8))
    #expect(report.precision == (options == [] ? "fp32" : "bf16"))
    #expect(report.kernels.map(\.layer) == [0, 1, 3, 3])
  }

  private struct KernelReport: Decodable {
    struct Kernel: Decodable {
      let layer: Int
      let kernel, numbers: String
    }
    let precision: String
    let kernels: [Kernel]
  }

  @Test func `prints Darknet's table and the totals`() throws {
    let result = try inspect()
    #expect(result.stderr == "")
    #expect(result.exitCode == 0)
    let lines = result.stdout.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.prefix(6).joined(separator: "\n") == """
        layer  section        filters  groups  size/stride  reads  input     output    parameters  BFLOPs
            0  convolutional       16          3x3/2               32x32x3   16x16x16         496   0.000
            1  route                                        0      16x16x16  16x16x8                       part 2 of 2
            2  convolutional        8       8  3x3/1               16x16x8   16x16x8           80   0.000
            3  route                                        2,0              16x16x24
            4  maxpool                         2x2/2               16x16x24  8x8x24                 0.000
        """)
    #expect(lines.contains("parameters   576 in the weights file, 504 of them weights"))
    #expect(lines.contains("weights      2324 bytes (2.3 KiB)"))
    #expect(lines.contains { $0.hasPrefix("cost         0.000 BFLOPs an image") })
    #expect(lines.contains { $0.hasPrefix("bottleneck   layer 0, 0.000 BFLOPs (") })
    #expect(lines.contains("stage 2      stride 4: no convolutions"))
  }

  @Test func `prints one object as JSON`() throws {
    let result = try inspect("--json", "--width", "64", "--height", "48", "--batch", "2")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
    #expect(
      object.keys.sorted() == [
        "backend", "batch", "bflops", "bottleneck", "bytes_read", "bytes_written", "cfg", "cio",
        "csp_stages", "input", "intensity", "layers", "mac", "memory", "modules", "multiply_adds",
        "paper_bflops", "parameters", "parts", "precision", "weights", "weights_bytes",
      ])
    #expect(object["input"] as? [Int] == [3, 48, 64])
    #expect(object["batch"] as? Int == 2)
    let layers = try #require(object["layers"] as? [[String: Any]])
    #expect(layers.map { $0["index"] as? Int } == [0, 1, 2, 3, 4])
    #expect(layers[3]["inputs"] as? [Int] == [2, 0])
    #expect(layers[2]["groups"] as? Int == 8)
    #expect(layers[0]["output"] as? [Int] == [16, 24, 32])
    let memory = try #require(object["memory"] as? [String: Any])
    #expect(
      memory.keys.sorted() == [
        "arena_bytes", "copied_bytes", "copies", "steps", "unshared_bytes", "winograd",
      ])
  }

  @Test(arguments: [("0", 0), ("1G", 1 << 30)])
  func `states what transformed weights take, and of what budget`(text: String, bytes: Int) throws {
    let folder = try TemporaryFolder()
    let layer = "[convolutional]\nfilters=32\nsize=3\npad=1\nactivation=leaky\n"
    try folder.write("[net]\nwidth=96\nheight=96\nchannels=3\n" + layer + layer, to: "net.cfg")
    let arguments = ["inspect", "net.cfg", "--backend", "blocked", "--winograd-memory", text]
    let json = try penumbra(arguments + ["--json"], in: folder.path).stdout
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let memory = try #require(object["memory"] as? [String: Any])
    let winograd = try #require(memory["winograd"] as? [String: Int])
    #expect(winograd["budget_bytes"] == bytes)
    #expect(try #require(winograd["used_bytes"]) <= bytes)
    #expect((winograd["used_bytes"] == 0) == (bytes == 0))
    let table = try penumbra(arguments, in: folder.path).stdout
    #expect(table.contains("\nwinograd     "))
  }

  @Test(arguments: [
    ("costs", "layer  section        output    parameters  weights  BFLOPs"),
    ("parts", "part     layers  output"),
    ("blocks", "part     layers  output"),
    ("none", "layers       5, in "),
  ])
  func `prints another table on request`(table: String, start: String) throws {
    let result = try inspect("--table", table)
    #expect(result.exitCode == 0)
    #expect(result.stdout.hasPrefix(start))
  }

  @Test func `compares several networks with the first`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "a.cfg")
    // Twice the filters of the first layer, whose cost is the ceiling, and of what reads it.
    try folder.write(
      Self.cfg.replacingOccurrences(of: "filters=16", with: "filters=32"), to: "b.cfg")
    let result = try penumbra("inspect", "a.cfg", "b.cfg", in: folder.path)
    let lines = result.stdout.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.map { $0.first ?? "" } == ["network", "a", "b"])
    #expect(lines[2].joined(separator: " ").contains("+100 %"))
    let json = try penumbra("inspect", "a.cfg", "b.cfg", "--json", in: folder.path)
    let array = try JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [[String: Any]]
    #expect(array?.map { $0["cfg"] as? String } == ["a.cfg", "b.cfg"])
  }

  @Test(arguments: [
    ("--chart", "costs.svg", "<svg "), ("--chart", "costs.html", "<!DOCTYPE html>"),
    ("--graph", "net.svg", "<svg "), ("--graph", "net.html", "<!DOCTYPE html>"),
    ("--graph", "net.dot", "digraph \"a\" {"), ("--graph", "net.mmd", "flowchart TD"),
  ])
  func `draws into a file`(option: String, file: String, start: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "a.cfg")
    let result = try penumbra("inspect", "a.cfg", option, file, in: folder.path)
    #expect(result.exitCode == 0)
    #expect(folder.text(file)?.hasPrefix(start) == true)
  }

  @Test func `says when a picture cannot be written`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "a.cfg")
    let result = try penumbra("inspect", "a.cfg", "--chart", "no/such/f.svg", in: folder.path)
    #expect(result.exitCode == 73)
    #expect(result.stderr.hasPrefix("no/such/f.svg: error: the file cannot be written"))
    #expect(result.stdout == "")
  }

  @Test(arguments: [
    (["--chart", "f.png"], 64, "--chart cannot write '.png'; there are .svg, .html"),
    (["--graph", "f.png"], 64, "--graph cannot write '.png'; there are .svg, .html, .dot"),
    (["other.cfg", "--graph", "f.svg"], 64, "--graph draws one network; 2 cfgs are given"),
    (["--table", "all"], 64, "The value 'all' is invalid for '--table <table>'"),
    (["--width", "64"], 64, "give both --width and --height, or neither"),
    (["--batch", "0"], 64, "--batch is 0, expected 1 to 65536"),
    (["--winograd-memory", "1M", "--backend", "blas"], 64, "is for --backend blocked"),
    (["--backend", "gpu"], 64, "there is no backend 'gpu'; there are blocked, "),
  ])
  func `refuses options that make no sense`(options: [String], status: Int32, text: String) throws {
    let result = try penumbra(["inspect", "net.cfg"] + options)
    #expect(result.exitCode == status)
    #expect(result.stderr.contains(text))
    #expect(result.stdout == "")
  }

  @Test func `a cfg that is not there has its own status`() throws {
    let result = try penumbra("inspect", "nowhere.cfg")
    #expect(result.exitCode == 66)
    #expect(result.stderr.hasPrefix("nowhere.cfg"))
  }
}
