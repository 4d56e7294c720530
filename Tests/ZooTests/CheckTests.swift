import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraZoo
import TestSupport
import Testing

struct CheckTests {
  @Test(arguments: [ReferenceBackend() as any Backend, BlasBackend(), BlockedBackend()])
  func `a network agrees with its own record on every backend`(backend: any Backend) throws {
    let report = check(smallCfg, against: try recorded(smallCfg), on: backend)
    #expect(report.differences.isEmpty)
    #expect(report.checks == [.lint, .layers, .cost, .outputs])
    #expect(report.outputs[0].worstError < 0.5)
    #expect(report.run == "32x32" && report.input == "64x64x3")
  }

  @Test(arguments: [
    (
      "filters=8\nsize=3\nstride", "filters=12\nsize=3\nstride", "filters is 12, the record has 8",
      0, 7
    ),
    ("filters=8\nsize=1", "filters=6\nsize=1", "filters is 6, the record has 8", 3, 22),
    ("activation=mish", "activation=leaky", "activation is leaky, the record has mish", 2, 20),
    ("size=3\npad=1", "size=5\npad=1", "size is 5, the record has 3", 2, 18),
    ("stride=2\npad", "stride=1\npad", "stride is 1, the record has 2", 0, 9),
    ("layers=-1,0", "layers=0,-1", "layers is 0,-1, the record has -1,0", 5, 29),
    ("ratio=0.5", "ratio=0.25", "ratio is 0.25, the record has 0.5", 1, 14),
    ("batch_normalize=1\n", "", "batch_normalize is not set, the record has 1", 0, 5),
    ("take=block", "take=block\nstopbackward=1", "stopbackward is 1, the record has none", 1, 16),
    ("14, 23", "15, 23", "anchors is 10,15,23,27, the record has 10,14,23,27", 9, 41),
  ])
  func `a key changed by hand is named with its layer and line`(
    part: String, other: String, text: String, layer: Int, line: Int
  ) throws {
    let changed = try replacing(part, with: other, in: smallCfg)
    let difference = try #require(
      check(changed, against: try recorded(smallCfg)).differences.first { $0.layer != nil })
    #expect(difference.check == .layers)
    #expect(difference.text == text)
    #expect(difference.layer == layer)
    #expect(difference.line == line)
  }

  @Test func `a record without numbers to compare is a difference`() throws {
    var record = try recorded(smallCfg)
    let layers = try #require(record.networks["a.cfg"]?.layers.indices)
    for layer in layers { record.networks["a.cfg"]?.layers[layer].output = nil }
    #expect(
      check(smallCfg, against: record).differences.map(\.text) == [
        "the record has no numbers to compare with"
      ])
  }

  /// What a record without the keys would say: the outputs alone find it too.
  @Test(arguments: [
    ("activation=mish", "activation=relu", 2), ("activation=leaky\n#", "activation=relu\n#", 0),
    ("layers=-1,0", "layers=-1,-1", 6), ("from=-2", "from=0", 4),
    ("filters=8\nsize=1\nactivation=leaky", "filters=8\nsize=1\nactivation=swish", 3),
  ])
  func `outputs alone tell which layer computes something else`(
    part: String, other: String, layer: Int
  ) throws {
    let record = try recorded(smallCfg)
    let changed = try replacing(part, with: other, in: smallCfg)
    let found = check(changed, against: record).differences.filter { $0.check == .outputs }
    #expect(found.map(\.layer) == [layer])
    #expect(found.first?.text.hasPrefix("on blas ") == true)
  }

  @Test(arguments: 0..<9)
  func `a kernel that computes something else is named by its layer`(step: Int) throws {
    let record = try recorded(smallCfg)
    let report = check(smallCfg, against: record, on: FaultyBackend(step: step))
    let graph = try Graph(CfgFile(text: smallCfg, name: "a.cfg"))
    let options = PlanOptions(backend: FaultyBackend(step: step), keepsAllOutputs: true)
    let broken = Plan.program(graph, options).steps[step].layer
    // What a [route] joins shows in the layer that reads it.
    let layer = record.networks["a.cfg"]?.layers.indices.first {
      $0 >= broken && record.networks["a.cfg"]?.layers[$0].output != nil
    }
    #expect(report.differences.map(\.check) == [.outputs])
    #expect(report.differences.map(\.layer) == [layer])
  }

  @Test func `layers that come or go are named where they do`() throws {
    let record = try recorded(smallCfg)
    let more = try replacing("[route]", with: "[dropout]\n[route]", in: smallCfg)
    #expect(
      check(more, against: record).differences.map(\.description) == [
        "layer 5 [dropout]: the record has [route] here",
        "the network has 11 layers, the record has 10",
      ])
    let fewer = String(smallCfg[..<smallCfg.range(of: "[convolutional]\nfilters=14")!.lowerBound])
    #expect(
      check(fewer, against: record).differences.map(\.key) == ["layers", "parameters", "bflops"])
    let longer = check(smallCfg, against: try recorded(fewer)).differences
    #expect(longer[0].description.hasPrefix("layer 8 [convolutional]: the network has 10 layers"))
  }

  @Test func `lint, costs and the record itself are looked at`() throws {
    let record = try recorded(smallCfg)
    let typo = try replacing("activation=mish", with: "activation=mish\nfilter=3", in: smallCfg)
    #expect(
      check(typo, against: record).differences.map(\.description) == [
        "lint reports unknown-key 1 times, the record has 0",
        "layer 2 [convolutional]: filter is 3, the record has none",
      ])
    let broken = try replacing("from=-2", with: "from=99", in: smallCfg)
    #expect(
      check(broken, against: record).differences.map(\.description) == [
        "layer 4 [shortcut]: from is 99, the record has -2",
        "'from' names 99, which is layer 99 and comes after this layer (this is layer 4)",
      ])
    #expect(
      check(smallCfg, against: ZooRecord()).differences.map(\.check) == [.file])
    var other = record
    other.networks["a.cfg"]?.bflops = 1
    #expect(check(smallCfg, against: other).differences.map(\.key) == ["bflops"])
  }

  @Test func `a folder is checked in parallel, in order, with what has gone`() throws {
    var record = ZooRecord()
    let file = CfgFile(text: smallCfg, name: "a.cfg")
    let items = (0..<7).map { ZooCheck.Item(name: "\($0).cfg", file: file) }
    let (updated, reports, fails) = ZooCheck(record, jobs: 3).update(items, size: 32) { _ in }
    #expect(updated.networks.count == 7 && fails.isEmpty)
    #expect(reports.map(\.name) == items.map(\.name))
    #expect(reports.allSatisfy { $0.differences.map(\.text) == ["added"] })

    record = updated
    var gone = items
    gone[3] = ZooCheck.Item(name: "3.cfg", file: nil)
    let checked = ZooCheck(record, jobs: 3).check(gone, on: [BlasBackend()]) { _ in }
    #expect(checked.map(\.passes) == [true, true, true, false, true, true, true])
    let (rest, changes, _) = ZooCheck(record, jobs: 2).update(gone, size: nil) { _ in }
    #expect(rest.networks.count == 6)
    #expect(changes.map(\.passes) == checked.map(\.passes))
    #expect(rest.networks["0.cfg"] == record.networks["0.cfg"])
  }

  @Test func `a network that does not fit a small input runs at the least that fits`() throws {
    let window = """
      [net]
      width=224
      height=224
      channels=3
      [maxpool]
      size=150
      stride=2
      padding=0
      """
    #expect(try recorded(window, size: 16).networks["a.cfg"]?.runWidth == 192)
    let matrix =
      "[net]\nwidth=40\nheight=40\nchannels=1\n[connected]\noutput=3\nactivation=linear\n"
    #expect(try recorded(matrix, size: 16).networks["a.cfg"]?.runWidth == 40)
  }
}

/// Blas with one step whose first output is off by a little more than the tolerance.
private struct FaultyBackend: Backend {
  let name = "faulty"
  let step: Int
  var passes: [any Pass] { [] }

  func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel {
    let kernel = ReferenceBackend().kernel(for: step, in: program, weights: weights)
    return program.steps[self.step].output == step.output ? OffKernel(kernel: kernel) : kernel
  }
}

private struct OffKernel: Kernel {
  let kernel: any Kernel

  var threadScratchBytes: Int { kernel.threadScratchBytes }
  var sharedScratchBytes: Int { kernel.sharedScratchBytes }

  func run(_ call: borrowing KernelCall) {
    kernel.run(call)
    for i in 0..<call.output.shape.count { call.output.base[i] *= 1.01 }
  }
}
