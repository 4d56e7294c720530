import Foundation
import TestSupport
import Testing

/// What `bench` prints; never how long anything takes.
struct BenchTests {
  private static let cfg = """
    [net]
    width=32
    height=32
    channels=3
    [convolutional]
    batch_normalize=1
    filters=8
    size=3
    stride=2
    pad=1
    activation=leaky
    [convolutional]
    filters=8
    size=3
    pad=1
    groups=2
    activation=linear
    [maxpool]
    stride=2
    """

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "net.cfg")
    return folder
  }

  private func object(_ result: CommandResult) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
  }

  private func floats(_ name: String, in folder: TemporaryFolder) throws -> [Float] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
    return stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
    }
  }

  @Test func `steps of training are one object, and name their batch`() throws {
    let folder = try TinyNetworks().folder
    let command = [
      "bench", "net.cfg", "--training", "--batch", "2", "--threads", "1", "--iterations", "1",
      "--layers",
    ]
    let result = try penumbra(command + ["--json"], in: folder.path)
    #expect(result.exitCode == 0 && result.stderr == "")
    let json = try object(result)
    #expect(json["cfg"] as? String == "net.cfg" && json["width"] as? Int == 32)
    #expect((json["machine"] as? [String: Any])?["cpu"] is String)
    let run = try #require((json["runs"] as? [[String: Any]])?.first)
    #expect(run["batch"] as? Int == 2 && run["images_per_second"] is Double)
    #expect((run["milliseconds"] as? [String: Double])?["median"] != nil)
    #expect((run["layers"] as? [[String: Any]])?.first?["operation"] is String)
    #expect(!result.stdout.contains("imagesPerSecond"))
    let text = try penumbra(command, in: folder.path).stdout
    #expect(text.contains("\nblocked, 1 thread, batch 2:\n"))
  }

  @Test func `measures every combination and says on what`() throws {
    let folder = try folder()
    let result = try penumbra(
      "bench", "net.cfg", "--backend", "blas,reference", "--threads", "1,2", "--iterations", "3",
      "--layers", "--against-gemm", in: folder.path)
    #expect(result.stderr == "")
    #expect(result.exitCode == 0)
    let lines = result.stdout.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("network  net.cfg, 32x32x3, 0.000 GFLOP an image"))
    #expect(lines[1].hasPrefix("machine  "))
    #expect(lines[2].contains(" GFLOP/s on 1 thread; "))
    #expect(
      lines[4].split(separator: " ", omittingEmptySubsequences: true).prefix(6).joined(
        separator: " ") == "backend threads runs min ms median")
    #expect(lines.filter { $0.hasPrefix("blas ") || $0.hasPrefix("reference ") }.count == 4)
    #expect(lines.filter { $0.hasSuffix(" thread:") || $0.hasSuffix(" threads:") }.count == 5)
    #expect(lines.contains { $0.contains("im2col+sgemm ms") })
  }

  @Test func `prints one object as JSON`() throws {
    let folder = try folder()
    let result = try penumbra(
      "bench", "net.cfg", "--json", "--iterations", "2", "--threads", "1", "--batch", "2",
      "--layers", in: folder.path)
    let object = try object(result)
    #expect(
      object.keys.sorted() == [
        "cfg", "channels", "gflop", "height", "limits", "machine", "peak_rss_bytes", "runs",
        "weights", "width",
      ])
    let runs = try #require(object["runs"] as? [[String: Any]])
    #expect(
      runs[0].keys.sorted() == [
        "arena_bytes", "backend", "batch", "gflops_per_second", "images_per_second", "iterations",
        "layers", "milliseconds", "scratch_bytes", "share_of_peak", "threads", "winograd",
      ])
    #expect(runs[0]["iterations"] as? Int == 2)
    let times = try #require(runs[0]["milliseconds"] as? [String: Any])
    #expect(times.keys.sorted() == ["median", "min", "p90"])
    let layers = try #require(runs[0]["layers"] as? [[String: Any]])
    #expect(
      layers.map { $0["section"] as? String } == ["convolutional", "convolutional", "maxpool"])
    #expect(
      layers[0].keys.sorted() == [
        "copied_bytes", "gb_per_second", "gflops_per_second", "index", "kernels", "milliseconds",
        "section", "share", "share_of_peak",
      ])
    let limits = try #require(object["limits"] as? [String: Any])
    let peaks = try #require(limits["arithmetic"] as? [[String: Any]])
    #expect(peaks.contains { $0["numbers"] as? String == "fp32" && $0["threads"] as? Int == 1 })
  }

  @Test func `runs batches and streams side by side`() throws {
    let folder = try folder()
    let result = try penumbra(
      "bench", "net.cfg", "--json", "--iterations", "1", "--threads", "1", "--batch", "1,3",
      "--streams", "2", "--backend", "blocked", in: folder.path)
    let runs = try #require(object(result)["runs"] as? [[String: Any]])
    #expect(runs.map { $0["batch"] as? Int } == [1, 1, 3, 3])
    #expect(runs.map { $0["streams"] as? Int } == [nil, 2, nil, 2])
    #expect(runs.allSatisfy { $0["images_per_second"] as? Double ?? 0 > 0 })
  }

  @Test func `measures kernels and layers one by one`() throws {
    let folder = try folder()
    let arguments = [
      "bench", "--kernels", "--backend", "blocked", "--threads", "1", "--iterations", "1",
      "--filter", "conv-1x1/20x20",
    ]
    let table = try penumbra(arguments, in: folder.path)
    #expect(table.stderr == "")
    #expect(table.exitCode == 0)
    #expect(table.stdout.contains("\nconv-1x1/20x20x136-24-linear/blocked/"))
    let json = try penumbra(arguments + ["--json"], in: folder.path)
    let entries = try #require(object(json)["kernels"] as? [[String: Any]])
    #expect(entries.count == 1)
    #expect(
      entries[0].keys.sorted() == [
        "bound_by_arithmetic", "gb_per_second", "gflops_per_second", "kernels", "milliseconds",
        "name", "share_of_limit",
      ])
    try folder.write(
      json.stdout.replacing(/"median" : [0-9.e+-]+/, with: "\"median\" : 1e-9"), to: "past.json")
    let slower = try penumbra(arguments + ["--compare", "past.json"], in: folder.path)
    #expect(slower.exitCode == 1)
    let none = try penumbra("bench", "--kernels", "--filter", "soup", in: folder.path)
    #expect(none.exitCode == 65)
    #expect(none.stderr.contains("no kernel has 'soup' in its name"))
  }

  @Test func `measures what the machine can do at most`() throws {
    let folder = try folder()
    let table = try penumbra(
      "bench", "--limits", "--threads", "1,2", "--iterations", "1", in: folder.path)
    #expect(table.stderr == "")
    #expect(table.exitCode == 0)
    #expect(table.stdout.hasPrefix("multiply-adds, GFLOP/s"))
    #expect(table.stdout.contains("\nfp32 "))
    #expect(table.stdout.contains("\nread, 16.0 KiB a thread "))
    let object = try object(
      try penumbra("bench", "--limits", "--json", "--iterations", "1", in: folder.path))
    #expect(object.keys.sorted() == ["limits", "machine"])
  }

  @Test func `fails when slower than an earlier benchmark allows`() throws {
    let folder = try folder()
    let arguments = ["bench", "net.cfg", "--iterations", "3", "--threads", "1", "--layers"]
    let first = try penumbra(arguments + ["--json"], in: folder.path)
    // A past in which everything took no time, and one in which it took for ever.
    for (median, status) in [("1e-9", Int32(1)), ("1e9", 0)] {
      let past = first.stdout.replacing(
        /"median" : [0-9.e+-]+/, with: "\"median\" : \(median)")
      try folder.write(past, to: "past.json")
      let result = try penumbra(arguments + ["--compare", "past.json"], in: folder.path)
      #expect(result.exitCode == status)
      #expect(result.stdout.contains("slower than 5.0% allows") == (status == 1))
      #expect(result.stdout.contains("\nblocked, 1 thread: "))
    }
  }

  @Test func `does not compare what differs`() throws {
    let folder = try folder()
    let first = try penumbra(
      "bench", "net.cfg", "--iterations", "1", "--json", in: folder.path)
    try folder.write(first.stdout, to: "past.json")
    let result = try penumbra(
      "bench", "net.cfg", "--iterations", "1", "--batch", "2", "--compare", "past.json",
      in: folder.path)
    #expect(result.exitCode == 65)
    #expect(result.stderr.contains("past.json: not comparable: it has runs of blocked, "))
  }

  @Test func `serves a program that times several side by side`() throws {
    let folder = try folder()
    let numbers = (0..<3 * 32 * 32).map { Float($0 % 17) / 16 }
    try folder.write(numbers.flatMap(\.littleEndianBytes), to: "input.f32")
    let files = try [
      penumbra("weights", "net.cfg", "--seed", "1", "--out", "net.weights", in: folder.path),
      penumbra(
        "trace", "net.cfg", "--weights", "net.weights", "--input", "input.f32", "--backend",
        "reference", "--out", "trace", in: folder.path),
    ]
    #expect(files.map(\.exitCode) == [0, 0])
    let expected = try floats("trace/outputs.f32", in: folder)
    let first = 8 * 16 * 16
    for backend in ["reference", "blas", "blocked"] {
      // The second dump follows runs that may have overwritten the input.
      let result = try penumbra(
        [
          "bench", "--worker", "--backend", backend, "net.cfg", "net.weights", "input.f32", "2,1",
          "2",
        ],
        stdin: "dump .\n\nrun 3\ndump .\nquit\nrun 1\n", in: folder.path)
      #expect(result.stderr == "")
      #expect(result.exitCode == 0)
      let lines = result.stdout.split(separator: "\n")
      #expect(lines.count == 4)
      #expect([lines[0], lines[1], lines[3]] == ["ready", "ok", "ok"])
      #expect(lines[2].split(separator: " ").compactMap { Double($0) }.count == 3)
      for (layer, range) in [(1, first..<2 * first), (2, 2 * first..<expected.count)] {
        let values = try floats("head_\(layer).f32", in: folder)
        #expect(values.count == range.count)
        let worst = zip(values, expected[range]).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1e-4, "layer \(layer) on \(backend)")
      }
    }
  }

  @Test(arguments: [
    ("net.cfg net.weights input.f32 1", "", 64, "--worker takes CFG WEIGHTS INPUT HEADS THREADS"),
    ("net.cfg net.weights input.f32 1,x 1", "", 64, "HEADS is '1,x'"),
    ("net.cfg net.weights input.f32 1 0", "", 64, "THREADS is '0'"),
    ("net.cfg net.weights input.f32 1 1 --threads 2", "", 64, "THREADS is its last argument"),
    ("net.cfg net.weights input.f32 3 1", "", 65, "HEADS names layer 3; net.cfg has layers 0 to 2"),
    ("net.cfg net.weights a.ppm 1 1", "", 65, "a.ppm: 107 bytes, expected 12288"),
    ("net.cfg net.weights none.f32 1 1", "", 66, "none.f32"),
    ("net.cfg net.weights input.f32 1 1", "run\n", 65, "'run' is no request"),
    ("net.cfg net.weights input.f32 1 1", "run 0\n", 65, "run 0: expected a number"),
    (
      "net.cfg net.weights input.f32 1 1", "dump none\n", 73,
      "none/head_1.f32: error: the file cannot be written"
    ),
  ])
  func `a worker says what it cannot do`(
    arguments: String, stdin: String, status: Int32, text: String
  ) throws {
    let networks = try TinyNetworks()
    try networks.folder.write([UInt8](repeating: 0, count: 4 * 3 * 32 * 32), to: "input.f32")
    let result = try networks.run("bench --worker \(arguments)", stdin: stdin)
    #expect(result.exitCode == status)
    #expect(result.stderr.contains(text))
  }

  @Test(arguments: [
    (["--threads", "0"], 64, "--threads is '0', expected numbers from 1 to 256"),
    (["--threads", "1,,2"], 64, "--threads is '1,,2', expected numbers from 1 to 256"),
    (["--winograd-memory", "1M", "--backend", "blas"], 64, "is for --backend blocked"),
    (["--backend", "blas,gpu"], 64, "there is no backend 'gpu'; there are blocked, "),
    (["--iterations", "0"], 64, "--iterations is 0, expected 1 to 1000000"),
    (["--sorted"], 64, "--sorted needs --layers"),
    (["--kernels"], 64, "--kernels takes no cfg file"),
    (["--filter", "conv"], 64, "--filter needs --kernels or --limits"),
    (["--batch", "1,0"], 64, "--batch is '1,0', expected numbers from 1 to 65536"),
    (["--streams", "0"], 64, "--streams is '0', expected numbers from 1 to 256"),
    (["--limits"], 64, "--limits takes no cfg file"),
    (["other.cfg"], 64, "bench takes one cfg file, found 2 arguments"),
    (["--compare", "nowhere.json"], 66, "nowhere.json"),
    (["--compare", "net.cfg"], 65, "net.cfg: not a benchmark"),
  ])
  func `refuses options that make no sense`(options: [String], status: Int32, text: String) throws {
    let folder = try folder()
    let result = try penumbra(["bench", "net.cfg"] + options, in: folder.path)
    #expect(result.exitCode == status)
    #expect(result.stderr.contains(text))
    #expect(result.stdout == "")
  }
}

extension Float {
  fileprivate var littleEndianBytes: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: bitPattern >> (8 * $0)) }
  }
}
