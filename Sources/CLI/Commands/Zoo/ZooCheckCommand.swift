import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport
import PenumbraZoo
import Synchronization

/// `penumbra zoo check`: every cfg of a folder against the record.
struct ZooCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks every cfg of a folder against the record, and says what has changed.",
    discussion: """
      For each cfg below DIR: lint; sections, keys and shapes of every layer; parameters and BFLOPs; \
      and what every layer computes with made-up weights, on each backend, at a small input size. \
      The record is DIR/zoo.json: keys, statistics and samples of the outputs, rounded below the \
      tolerance of |d| <= 1e-4 + 1e-3 x max(|expected|, rms of the layer), so that other processors \
      and faster kernels pass. --update makes it, with the plain loops of the reference backend, \
      and says what it changed. A difference names the cfg, its line, the layer and the key.

      --speed times each network as well, at its own size on one thread, against a matrix product \
      in the same minute; --update --speed records the ratio.

      --json prints one object: networks[] (name, layers, input, run, parameters, bflops, warnings, \
      notes, outputs[] of {backend, worst_error, worst_layer, milliseconds}, checks[], \
      differences[] of {check, layer, section, key, found, expected, line, backend, text}, \
      seconds), differences (how many), seconds.

      EXAMPLE
        penumbra zoo check cfg

      EXIT STATUS
        0 all as recorded, 1 a difference, 65 an unreadable record, 66 no folder, cfg or record.
      """)

  @Argument(help: "The folder.", completion: .directory) var folder = "cfg"
  @Option(help: "The record; DIR/zoo.json by default.") var record: String?
  @OptionGroup var cfgs: CfgOptions
  @Option(help: "Only cfgs whose path contains this.") var only: String?
  @Option(help: "What computes: blocked, blas or reference; may be repeated. Default: blocked.")
  var backend: [String] = []
  @Option(help: "The highest instruction set used: baseline, avx2, avx512 or neon.")
  var isa: InstructionSetName?
  @Option(help: "Networks checked at a time; as many as there are processors by default.")
  var jobs: Int?

  @Flag(help: "Write the record anew and say what has changed.") var update = false
  @Option(help: "With --update: side of the input to run at, in place of the record's, or 96.")
  var size: Int?
  @Flag(help: "Time each network too, one after another.") var speed = false
  @Option(help: "How many percent slower than recorded --speed allows.") var slower = 30.0

  @Flag(help: "Print the result as JSON in place of the table.") var json = false
  @Option(help: "Write a JUnit report to this file.") var junit: String?
  @Option(help: "Write the table as Markdown to this file; - prints it in place of the table.")
  var markdown: String?

  func validate() throws {
    for name in backend where Backends.named(name) == nil {
      let names = Backends.all.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no backend '\(name)'; there are \(names)")
    }
    if let jobs, !(1...256).contains(jobs) {
      throw ValidationError("--jobs is \(jobs), expected 1 to 256")
    }
    if let size, !(8...4096).contains(size) {
      throw ValidationError("--size is \(size), expected 8 to 4096")
    }
    guard update || size == nil else { throw ValidationError("--size needs --update") }
    guard slower > 0, slower.isFinite else {
      throw ValidationError("--slower is \(slower), expected a percentage above 0")
    }
    if json, markdown == "-" {
      throw ValidationError("--json and --markdown - both want standard output")
    }
  }

  func run() throws {
    if let isa { isa.limit() }
    let zoo = try ZooFolder(folder, record: record, allowsOutside: cfgs.allowsOutside)
    try checkFiles(zoo)
    let recorded = try zoo.record(mayBeNew: update)
    let items = try zoo.items(recorded, only: only, companions: cfgs.companions)
    let start = ContinuousClock.now
    if update {
      try update(zoo, recorded, items)
    } else {
      var reports = inParallel(items) {
        ZooCheck(recorded, jobs: jobs).check(items, on: backends, finished: $0)
      }
      if speed { try time(items, recorded, zoo, &reports) }
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      try print(ZooReport(folder: folder, networks: reports, seconds: seconds), zoo)
    }
  }

  private var backends: [any Backend] {
    backend.isEmpty ? [Backends.standard] : backend.compactMap { Backends.named($0) }
  }

  /// Runs `body` and shows how far it is.
  private func inParallel<Result>(
    _ items: [ZooCheck.Item], _ body: ((NetworkReport) -> Void) -> Result
  ) -> Result {
    let progress = Mutex((line: Progress(total: items.count, noun: "networks"), done: 0))
    defer { progress.withLock { $0.line.clear() } }
    return body { _ in
      progress.withLock {
        $0.done += 1
        $0.line.show(done: $0.done)
      }
    }
  }

  private func checkFiles(_ zoo: ZooFolder) throws(WriteError) {
    var files = OutputPlan()
    for name in zoo.names {
      files.reads(cfg: zoo.path + "/" + name, cfgs, as: "a cfg of the zoo")
    }
    if update {
      try files.writes(zoo.recordPath)
    } else {
      files.reads(zoo.recordPath, as: "the record of the zoo")
    }
    try files.writes(junit)
    try files.writes(markdown == "-" ? nil : markdown)
  }

  // MARK: Checking

  private func print(_ report: ZooReport, _ zoo: ZooFolder) throws {
    if let junit { try AtomicFile.write(report.junit, to: junit) }
    if let markdown, markdown != "-" {
      try AtomicFile.write(report.markdown, to: markdown)
    }
    if json {
      try Output.object(report)
    } else if markdown == "-" {
      try ResultStream().write(report.markdown)
    } else {
      for line in ZooTable(report).lines { Output.line(line) }
    }
    for line in report.differenceLines { standardError(line) }
    standardError(report.summary)
    if !report.passes {
      standardError(
        "help: if the change is meant, '\(zoo.updateLine)' records it")
      throw ExitCode(Failure.Status.thresholdMissed.rawValue)
    }
  }

  private func time(
    _ items: [ZooCheck.Item], _ recorded: ZooRecord, _ zoo: ZooFolder,
    _ reports: inout [NetworkReport]
  ) throws {
    let stopwatch = try SpeedCheck(backends)
    var progress = Progress(total: items.count, noun: "networks timed")
    defer { progress.clear() }
    for (index, item) in items.enumerated() {
      if let file = item.file, let network = recorded.networks[item.name] {
        stopwatch.check(file, against: network, slower: slower / 100, &reports[index])
      }
      progress.show(done: index + 1)
    }
    guard reports.contains(where: { $0.checks.contains(.speed) || !$0.passes }) else {
      progress.clear()
      throw InputError(
        "the record has no speed of these networks on these backends",
        help: "record it with '\(zoo.updateLine) --speed'")
    }
  }

  // MARK: Updating

  private func update(
    _ zoo: ZooFolder, _ recorded: ZooRecord, _ items: [ZooCheck.Item]
  ) throws {
    var (updated, reports, fails) = inParallel(items) {
      ZooCheck(recorded, jobs: jobs).update(items, size: size, finished: $0)
    }
    if speed {
      let stopwatch = try SpeedCheck(backends)
      var progress = Progress(total: items.count, noun: "networks timed")
      for (index, item) in items.enumerated() {
        if let file = item.file, updated.networks[item.name] != nil {
          updated.networks[item.name]?.speed = try stopwatch.ratios(file)
        }
        progress.show(done: index + 1)
      }
      progress.clear()
    }
    if updated != recorded { try AtomicFile.write(updated.json, to: zoo.recordPath) }
    for report in reports {
      for difference in report.differences {
        Output.line("\(report.name.printable): \(difference.description)")
      }
    }
    let changed = reports.count { !$0.passes } - fails.count
    standardError(
      "\(zoo.recordPath.shownPath): \(counted(updated.networks.count, "network")), \(changed) changed"
    )
    guard fails.isEmpty else {
      throw InputError(
        "\(counted(fails.count, "network")) could not be recorded and \(fails.count == 1 ? "keeps its" : "keep their") old record"
      )
    }
  }
}
