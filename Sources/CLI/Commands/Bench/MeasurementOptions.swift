import ArgumentParser
import PenumbraEngine

/// What is measured, and for how long.
struct MeasurementOptions: ParsableArguments {
  @Option(help: "What computes, or a list of it: blocked, blas, reference.")
  var backend = Backends.standard.name

  @OptionGroup var numbers: PrecisionListOptions

  @Option(help: "Threads, or a list of numbers such as 1,2; all processors by default.")
  var threads: String?

  @Option(help: "Images of one run, or a list of numbers such as 1,4,8.")
  var batch = "1"

  @Option(help: "Also run this many sessions at once, one thread each; a number or a list.")
  var streams: String?

  @Option(help: "The highest instruction set used: baseline, avx2, avx512 or neon.")
  var isa: InstructionSetName?

  @Option(help: "Runs of each combination, in place of --seconds.")
  var iterations: Int?

  @Option(help: "How long to measure, all combinations together.")
  var seconds = 5.0

  @Option(name: .customLong("warm-up"), help: "Runs that do not count.")
  var warmUps = 2

  @OptionGroup var winograd: WinogradOptions

  func validate() throws {
    for name in names { try checkBackend(name) }
    try numbers.check(backends)
    try winograd.validate(for: names)
    _ = try (threadCounts, batches, streamCounts)
    if let iterations, !(1...1_000_000).contains(iterations) {
      throw ValidationError("--iterations is \(iterations), expected 1 to 1000000")
    }
    guard (0...86400).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds), expected 0 to 86400")
    }
    guard (0...1000).contains(warmUps) else {
      throw ValidationError("--warm-up is \(warmUps), expected 0 to 1000")
    }
  }

  // MARK: Lists

  private var names: [String] { Self.list(backend) }
  var backends: [any Backend] { names.compactMap(winograd.backend) }

  var threadCounts: [Int] {
    get throws { try threads.map { try numbers($0, "--threads", 1...256) } ?? [Runtime.processors] }
  }

  var batches: [Int] { get throws { try numbers(batch, "--batch", 1...65536) } }

  var streamCounts: [Int] {
    get throws { try streams.map { try numbers($0, "--streams", 1...256) } ?? [] }
  }

  private func numbers(_ text: String, _ option: String, _ range: ClosedRange<Int>) throws -> [Int]
  {
    try Self.list(text).map { word in
      guard let number = Int(word), range.contains(number) else {
        throw ValidationError(
          "\(option) is '\(text)', expected numbers from \(range.lowerBound) to \(range.upperBound)"
        )
      }
      return number
    }
  }

  private static func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  // MARK: Runs

  var turns: Turns { Turns(iterations: iterations, seconds: seconds, warmUps: warmUps) }

  /// A timer for every combination: backend by backend, precision by precision,
  /// batch by batch, threads and then streams.
  func timers(_ graph: Graph, _ weights: Weights) throws -> [any BenchmarkedRun] {
    var timers: [any BenchmarkedRun] = []
    for backend in backends {
      for precision in try numbers.loaded() {
        for batch in try batches {
          var options = PlanOptions(
            backend: backend, batch: batch, precision: precision, fp32Layers: numbers.layers)
          for threads in try threadCounts {
            options.threads = threads
            timers.append(try NetworkTimer(Plan(graph, weights: weights, options: options)))
          }
          let streams = try streamCounts
          guard !streams.isEmpty else { continue }
          options.threads = 1
          let plan = try Plan(graph, weights: weights, options: options)
          for count in streams { timers.append(try StreamTimer(plan, streams: count)) }
        }
      }
    }
    return timers
  }

  /// The numbers of threads that work at once.
  var concurrencies: [Int] { get throws { try threadCounts + streamCounts } }
}
