import Foundation
import TestSupport
import Testing

struct TraceTests {
  private static let cfg = """
    [net]
    width=16
    height=16
    channels=3
    [convolutional]
    batch_normalize=1
    filters=8
    size=3
    pad=1
    activation=mish
    [partial]
    ratio=0.5
    take=block
    [convolutional]
    filters=4
    size=1
    activation=linear
    [maxout]
    pieces=2

    """
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "net.cfg")
  }

  private func run(_ line: String) throws -> CommandResult {
    try penumbra(line.split(separator: " ").map(String.init), in: folder.path)
  }

  @Test func `two backends agree, two seeds do not`() throws {
    #expect(try run("trace net.cfg --out blas").exitCode == 0)
    #expect(try run("trace net.cfg --backend reference --out reference").exitCode == 0)
    #expect(try run("trace net.cfg --weights-seed 2 --out other").exitCode == 0)
    let same = try run("compare reference blas")
    #expect(same.exitCode == 0)
    #expect(same.stdout.hasPrefix("agree: 4 layers, 4608 values compared"))
    let different = try run("compare reference other")
    #expect(different.exitCode == 1)
    #expect(different.stdout.hasPrefix("layer 0 [convolutional]: value "))
  }

  @Test func `a trace holds what the golden cases hold`() throws {
    #expect(try run("trace net.cfg --input-seed 5 --out t").exitCode == 0)
    let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/t/trace.json"))
    let trace = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(trace["width"] as? Int == 16)
    #expect(trace["input_seed"] as? Int == 5)
    #expect(trace["weights_seed"] as? Int == 1)
    #expect(trace["weights_floats"] as? Int == 268)
    let layers = try #require(trace["layers"] as? [[String: Any]])
    #expect(
      layers.map { $0["section"] as? String } == [
        "convolutional", "partial", "convolutional", "maxout",
      ])
    #expect(
      layers.map { $0["shape"] as? [Int] } == [
        [8, 16, 16], [4, 16, 16], [4, 16, 16], [2, 16, 16],
      ])
    #expect(layers.allSatisfy { ($0["samples"] as? [[Any]])?.count == 16 })
    let outputs = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/t/outputs.f32"))
    #expect(outputs.count == 4 * 4608)
  }

  @Test(arguments: [
    ("trace net.cfg", 64), ("trace missing.cfg --out t", 66),
    ("trace net.cfg --weights missing.weights --out t", 66),
    ("trace net.cfg --weights net.cfg --out t", 65),
    ("trace net.cfg --input net.cfg --out t", 65),
    ("trace net.cfg --image net.cfg --out t", 65),
    ("trace net.cfg --width 16 --out t", 64),
    ("trace net.cfg --width 0 --height 16 --out t", 64),
    ("trace net.cfg --backend gpu --out t", 64),
    ("trace net.cfg --threads 0 --out t", 64),
    ("trace net.cfg --max-memory 1K --out t", 65),
    ("trace net.cfg --width 60000 --height 60000 --out t", 65),
    ("trace net.cfg --out net.cfg", 73),
    ("compare here there", 66), ("compare . .", 66),
  ])
  func `refuses what it cannot do`(line: String, status: Int32) throws {
    let result = try run(line)
    #expect(result.exitCode == status)
    #expect(result.stdout == "")
    #expect(!result.stderr.isEmpty)
  }
}
