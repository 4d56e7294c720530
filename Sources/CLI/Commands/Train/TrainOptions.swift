import ArgumentParser
import Penumbra
import PenumbraData
import PenumbraEngine
import PenumbraSupport
import PenumbraTraining

/// Where a run starts.
struct StartOptions: ParsableArguments {
  @Option(
    help: """
      Start from these weights: whole, or a backbone such as yolov4.conv.137. Iterations are counted \
      from the images they have seen.
      """, completion: .file(extensions: ["weights"]))
  var from: String?
  @Flag(help: "Count iterations from 0, whatever the weights have seen.") var clear = false
  @Flag(help: "Go on where the run in the output folder stopped.") var resume = false
  @Flag(help: "Start anew in a folder that holds a run of this cfg.") var overwrite = false
  @Option(help: "What random numbers follow (0 to 2^64 - 1); 1 by default.") var seed: UInt64?

  func validate() throws {
    if resume, from != nil { throw ValidationError("give --from or --resume, not both") }
    if resume, clear { throw ValidationError("give --clear or --resume, not both") }
    if resume, overwrite { throw ValidationError("give --overwrite or --resume, not both") }
  }

  func apply(to request: inout TrainingRequest) throws {
    (request.from, request.isCleared, request.seed) = (from, clear, seed)
    (request.isResumed, request.overwrites) = (resume, overwrite)
  }
}

/// When it ends.
struct LengthOptions: ParsableArguments {
  @Option(help: "End after this many iterations, in place of the cfg's max_batches.")
  var iterations: Int?
  @Option(help: "End after this many minutes.") var minutes: Double?
  @Option(
    name: .customLong("early-stop"),
    help: """
      End when a metric was not better in so many validations, as METRIC:PATIENCE, such as map50:10. \
      'loss' is the running average.
      """)
  var earlyStop: EarlyStopArgument?

  func validate() throws {
    if let iterations, !(1...1_000_000_000).contains(iterations) {
      throw ValidationError("--iterations is \(iterations), expected 1 to 1000000000")
    }
    if let metric = earlyStop?.stopping.metric, !NetworkJudge.knownMetrics.contains(metric) {
      throw ValidationError(
        "--early-stop names the metric '\(metric.quotable)', expected one of "
          + NetworkJudge.knownMetrics.joined(separator: ", "))
    }
    if let minutes, !(minutes > 0) || minutes > 10_000_000 {
      throw ValidationError(
        "--minutes is \(minutes), expected more than 0, at most 10000000")
    }
  }

  func apply(to request: inout TrainingRequest) {
    request.iterations = iterations
    request.seconds = minutes.map { $0 * 60 }
    request.earlyStopping = earlyStop?.stopping
  }
}

/// `METRIC:PATIENCE`.
struct EarlyStopArgument: ExpressibleByArgument {
  let stopping: EarlyStopping

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let patience = Int(parts[1]),
      (1...1_000_000).contains(patience)
    else { return nil }
    stopping = EarlyStopping(metric: String(parts[0]), patience: patience)
  }
}

/// How a step is computed.
struct StepOptions: ParsableArguments {
  @Option(help: "Images of one iteration, in place of the cfg's batch.") var batch: Int?
  @Option(help: "Parts in which they are computed, in place of the cfg's subdivisions.")
  var subdivisions: Int?
  @Option(
    name: .customLong("max-memory"),
    help: """
      The most that a training step may take, such as 4G: the batch is computed in more parts until \
      it fits.
      """)
  var memoryLimit: ByteCount?
  @Option(help: "Threads; all processors by default.") var threads: Int?
  @Option(name: .customLong("loader-threads"), help: "Threads that load pictures ahead.")
  var loaderThreads = 1
  @Option(help: "What computes: blocked, blas or reference.") var backend = Backends.standard.name
  @Option(help: "The highest instruction set used: baseline, avx2, avx512 or neon.")
  var isa: InstructionSetName?
  @Flag(name: .customLong("no-augment"), help: "Learn from the pictures as they are.")
  var isPlain = false
  @Option(help: "What to do about faulty labels and pictures: skip or stop.")
  var faults = FaultPolicy.skip
  @OptionGroup var size: PictureLimits

  func validate() throws {
    for (name, value, limit) in [
      ("--batch", batch, 1_000_000), ("--subdivisions", subdivisions, 1_000_000),
      ("--threads", threads, 256),
    ] {
      if let value, !(1...limit).contains(value) {
        throw ValidationError("\(name) is \(value), expected 1 to \(limit)")
      }
    }
    guard (0...64).contains(loaderThreads) else {
      throw ValidationError("--loader-threads is \(loaderThreads), expected 0 to 64")
    }
    guard Backends.named(backend) != nil else {
      let names = Backends.all.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no backend '\(backend)'; there are \(names)")
    }
  }

  func apply(to request: inout TrainingRequest) throws {
    if let isa { isa.limit() }
    (request.batch, request.subdivisions) = (batch, subdivisions)
    (request.memoryLimit, request.threads) = (memoryLimit?.bytes, threads)
    request.loaderThreads = loaderThreads
    request.backend = Backends.named(backend) ?? Backends.standard
    (request.isAugmented, request.faults) = (!isPlain, faults)
    request.limits = size.limits
  }
}

/// How a network is judged while it learns.
struct ValidationOptions: ParsableArguments {
  @Option(
    name: .customLong("validate-every"),
    help: """
      Iterations between validations, or 0 for one at the end alone; by default those of four \
      epochs, but at least 100.
      """)
  var every: Int?
  @Option(
    name: .customLong("validate-from"),
    help: """
      The iteration of the first validation; by default burn_in or the iterations between \
      validations, whichever is later.
      """)
  var from: Int?

  func validate() throws {
    for (name, value) in [("--validate-every", every), ("--validate-from", from)] {
      if let value, !(0...1_000_000_000).contains(value) {
        throw ValidationError("\(name) is \(value), expected 0 to 1000000000")
      }
    }
  }

  func apply(to request: inout TrainingRequest) {
    (request.validateEvery, request.firstValidation) = (every, from)
  }
}

/// What a run leaves behind.
struct TrainingFileOptions: ParsableArguments {
  @Option(
    help: "The folder for everything; else 'backup' of the .data file, else 'training'.",
    completion: .directory)
  var output: String?
  @Option(
    name: .customLong("save-every"),
    help: "Iterations between numbered weights, which stay; 0 for none.")
  var saveEvery: Int?
  @Option(
    name: .customLong("save-last"),
    help: "Iterations between checkpoints to resume from; else 100, and every five minutes.")
  var saveLast: Int?
  @Option(
    name: .customLong("on-disk-full"),
    help: """
      When a checkpoint cannot be written: stop, or continue and try again at the next one. The old \
      one stays.
      """)
  var onDiskFull = WriteFailureChoice.stop
  @Option(help: "The page to write in place of train.html in the output folder.")
  var html: String?
  @Flag(name: .customLong("no-html"), help: "Write no page.") var hasNoPage = false

  func validate() throws {
    if html != nil, hasNoPage { throw ValidationError("give --html or --no-html, not both") }
    for (name, value, least) in [("--save-every", saveEvery, 0), ("--save-last", saveLast, 1)] {
      if let value, !(least...1_000_000_000).contains(value) {
        throw ValidationError("\(name) is \(value), expected \(least) to 1000000000")
      }
    }
  }

  func apply(to request: inout TrainingRequest) throws {
    request.output = output
    (request.saveEvery, request.saveLast) = (saveEvery, saveLast)
    request.outlivesWriteFailures = onDiskFull == .continue
    request.page = hasNoPage ? .none : html.map { .file($0) } ?? .inOutput
  }
}

enum WriteFailureChoice: String, ExpressibleByArgument, CaseIterable {
  case stop, `continue`
}
