import ArgumentParser
import Foundation
import Penumbra
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraSupport
import PenumbraTraining

/// A training run from a request to its files.
final class TrainingRun {
  private let request: TrainingRequest
  private let screen: any TrainingScreen
  private let trainer: Trainer
  private let names: CheckpointNames
  /// Held as long as the run, so that no other one writes the same files.
  private let lock: FolderLock
  private let source: any TrainingSource
  private let judge: NetworkJudge?
  private let log: TrainingLog
  private var page: ReportPage
  private let pagePath: String?
  private var pageWritten: ContinuousClock.Instant?
  private var isLogTold = false

  /// Reads and checks everything, so that what can be wrong is found before the first iteration.
  init(_ request: TrainingRequest, screen: any TrainingScreen) throws {
    self.request = request
    self.screen = screen
    let file = try CfgFile(contentsOf: request.cfg, companions: request.companions)
    let graph = try Graph(file)
    if let problem = graph.pictureProblem(in: file) { throw CfgError([problem.with(.error)]) }
    let data = try TrainingData(
      request.data, for: graph, policy: request.faults,
      validatesOnTraining: request.validatesOnTraining
    ).limited(to: request.limits)
    names = Self.names(request, folder: request.output ?? data.backup ?? "training")
    let resumed: String?
    let stated = try Hyperparameters(net: file.sections[0], seed: 1).maxBatches
    (lock, resumed) = try Self.prepare(
      names, request, numbered: Self.numbered(names, request, data, maxBatches: stated))

    let seed = try request.seed ?? resumed.map { try Trainer.seed(ofState: $0) } ?? 1
    var hyperparameters = try Hyperparameters(net: file.sections[0], seed: seed)
    try Self.change(&hyperparameters, request)
    let weights = try request.from.map { try Self.start($0, graph, request.cfg) }
    if let weights, weights.loadedLayers < graph.nodes.count {
      standardError(
        "note: \(weights.origin) holds layers 0 to \(weights.loadedLayers - 1); the rest starts from random numbers"
      )
    }
    source = try data.source(
      file, graph, seed: seed, isAugmented: request.isAugmented, policy: request.faults)
    let heads = graph.heads.last.map { graph.nodes[$0.layer].section }
    let sizes = try MultiScale(
      net: file.sections[0], head: request.isAugmented ? heads : nil, seed: seed)
    if let misfit = sizes.misfit(of: file) { throw CfgError([misfit.with(.error)]) }
    let batches = LoadedBatches(
      source, imageCount: source.count, batch: hyperparameters.batch,
      sizes: sizes, threads: request.loaderThreads)
    let judge =
      request.isValidated
      ? NetworkJudge(
        graph, data, backend: request.backend, threads: request.threads, policy: request.faults,
        threshold: request.threshold) : nil
    self.judge = judge
    if let metric = request.earlyStopping?.metric {
      let known = ((judge?.metrics ?? []) + ["loss"]).sorted()
      guard known.contains(metric) else { throw TrainingError.unknownMetric(metric, known: known) }
    }
    trainer = try Trainer(
      file, hyperparameters: hyperparameters,
      options: try Self.options(request, data, hyperparameters, seed: seed, images: source.count),
      names: names, from: weights, isCleared: request.isCleared, batches: batches,
      validationImages: judge?.imageCount,
      judge: judge.map { judge in { try judge.judge($0, iteration: $1, shouldStop: $2) } })
    // Among them keys that no section knows, which a run of hours should not be silent about.
    let warnings =
      Graph.check(file).diagnostics + hyperparameters.warnings + ignoredTrainingKeys(of: graph)
    let shown = warnings.filter { $0.severity != .note }
    let text = DiagnosticText(isColored: Terminal.showsColor(on: STDERR_FILENO))
    for text in text.texts(of: shown) { StandardError.write(text + "\n") }
    FaultText.tell(data.faults, of: request.data)
    if request.isAugmented, let warning = try data.warningOfCutBoxes(file, graph) {
      standardError("warning: \(warning)")
    }
    if request.isValidated { Self.tellValidation(data, request.data) }
    if let resumed {
      for difference in try trainer.resume(resumed) {
        standardError("warning: \(difference): the rest is not what it would have been")
      }
    }
    try trainer.checkWork()
    page = ReportPage(name: names.base)
    pagePath = request.page.path(names)
    var earlier: [TrainingEvent] = []
    log = try TrainingLog(
      names.log, cfg: file.name, resumedAfter: resumed == nil ? nil : trainer.state.iteration
    ) { earlier.append($0) }
    for event in earlier { page.note(event) }
    // Without its state an earlier run cannot be resumed by mistake before this one has written its own.
    if resumed == nil { names.removeState() }
  }

  /// A run that Darknet's spelling began is resumed under its names.
  private static func names(_ request: TrainingRequest, folder: String) -> CheckpointNames {
    let names = CheckpointNames(cfg: request.cfg, folder: folder, rule: request.nameRule)
    let darknets = CheckpointNames(cfg: request.cfg, folder: folder, rule: .firstStop)
    guard request.isResumed, !names.states.contains(names.state),
      let cfg = try? Trainer.cfg(ofState: darknets.state),
      cfg.split(separator: "/").last == request.cfg.split(separator: "/").last
    else { return names }
    return darknets
  }

  /// Makes the folder and takes it for this run, and gives the state to go on from.
  private static func prepare(
    _ names: CheckpointNames, _ request: TrainingRequest, numbered: [String]
  ) throws -> (FolderLock, String?) {
    try checkFiles(names, request, numbered)
    let lock = try FolderLock(names.folder)
    names.removeLeftovers()
    if request.isResumed {
      try refuseForeignPage(names, request)
      return (lock, names.state)
    }
    if !request.overwrites, let other = names.states.first {
      let isOwn = names.states.contains(names.state)
      throw InputError(
        isOwn
          ? "\(names.state): the folder holds a run of this cfg already"
          : "\(other): the folder holds a run of another cfg, whose train.jsonl would be replaced",
        help: (isOwn ? "go on with --resume, start anew with --overwrite, or " : "")
          + "choose another --output" + (isOwn ? "" : ", or replace it with --overwrite"),
        status: .cannotCreate)
    }
    if !request.overwrites { try refuseForeign(names, numbered) }
    return (lock, nil)
  }

  /// Files of these names that no run of this cfg wrote, such as weights from elsewhere.
  private static func refuseForeign(_ names: CheckpointNames, _ numbered: [String]) throws {
    let kinds: [CheckpointNames.Kind] = [.last, .best, .final, .averaged]
    let isOwn = TrainingLog.isLog(names.log)
    let others = isOwn ? [] : [names.log, names.page]
    if let file = (kinds.map(names.weights) + numbered + others).first(where: isThere) {
      throw InputError(
        "\(file.shownPath): the file exists, and the run would replace it",
        help: "choose another --output, or replace it with --overwrite", status: .cannotCreate)
    }
  }

  /// A page that no run wrote, such as one that was left out by --no-html and put there by hand.
  private static func refuseForeignPage(
    _ names: CheckpointNames, _ request: TrainingRequest
  ) throws {
    guard case .inOutput = request.page, isThere(names.page), !ReportPage.isPage(names.page) else {
      return
    }
    throw InputError(
      "\(names.page.shownPath): the file exists, and is no page of a run",
      help: "move it elsewhere, or give --html FILE or --no-html", status: .cannotCreate)
  }

  /// Makes the folder, and refuses to write into it what the run reads.
  private static func checkFiles(
    _ names: CheckpointNames, _ request: TrainingRequest, _ numbered: [String]
  ) throws(WriteError) {
    var files = OutputPlan()
    files.reads(cfg: request.cfg, request.companions)
    files.reads(dataSet: request.data)
    // Darknet's instructions go on from the weights of its backup folder, which the run replaces.
    let isBackup = request.nameRule == .firstStop && request.from.map(names.holds) ?? false
    if !isBackup { files.reads(request.from, as: "the weights to start from") }
    let kinds: [CheckpointNames.Kind] = [.last, .best, .final, .averaged]
    let page = request.page.path(names)
    var outputs = Set(
      numbered + names.numberedWeights(like: request.from) + names.numberedWeights(like: page)
    ).sorted()
    outputs += kinds.map(names.weights) + [names.state, names.log] + (page.map { [$0] } ?? [])
    for output in outputs {
      try files.protects(output)
      try requireFile(output, isRead: output == names.state)
    }
    guard !request.isResumed else { return }
    try makeFolder(names.folder.isEmpty ? "." : names.folder)
    for output in outputs { try files.writes(output) }
  }

  /// A run must not wait for whoever reads a pipe, and a state is read again.
  private static func requireFile(_ path: String, isRead: Bool) throws(WriteError) {
    guard case .stream? = try? OutputTarget(path) else { return }
    if isRead || FileStatus(path)?.kind == .pipe { throw WriteError(path, .notRegular) }
  }

  /// The numbered weights in the folder that the run would replace.
  private static func numbered(
    _ names: CheckpointNames, _ request: TrainingRequest, _ data: TrainingData, maxBatches: Int
  ) -> [String] {
    let end = request.iterations ?? (maxBatches > 0 ? maxBatches : nil)
    let cadence = cadence(request, data, iterations: end)
    return names.numberedWeights.filter {
      $0.number <= end ?? .max && cadence.isNumberedDue($0.number)
    }.map(\.path)
  }

  private static func cadence(
    _ request: TrainingRequest, _ data: TrainingData, iterations: Int?
  ) -> CheckpointCadence {
    var cadence = CheckpointCadence(
      saveWeights: data.saveWeights, saveLast: data.saveLast, iterations: iterations ?? .max)
    if let every = request.saveEvery { cadence.numbered = every == 0 ? nil : every }
    if let every = request.saveLast { cadence.last = every }
    return cadence
  }

  private static func start(_ path: String, _ graph: Graph, _ cfg: String) throws -> Weights {
    do throws(WeightsError) {
      let weights = try Weights(contentsOf: path, for: graph, allowsPartial: true)
      try weights.checkNumbers()
      return weights
    } catch {
      throw error.forTraining(graph, cfg: cfg)
    }
  }

  private static func change(
    _ hyperparameters: inout Hyperparameters, _ request: TrainingRequest
  ) throws {
    let batch = request.batch ?? hyperparameters.batch
    let parts =
      request.subdivisions
      // A batch that somebody names on the command line need not fit the cfg's division.
      ?? (batch % hyperparameters.subdivisions == 0 ? hyperparameters.subdivisions : 1)
    guard batch % parts == 0 else {
      throw TrainingError.unevenBatch(batch, subdivisions: parts)
    }
    (hyperparameters.miniBatch, hyperparameters.subdivisions) = (batch / parts, parts)
  }

  private static func options(
    _ request: TrainingRequest, _ data: TrainingData, _ hyperparameters: Hyperparameters,
    seed: UInt64, images: Int
  ) throws -> TrainerOptions {
    let stated = hyperparameters.maxBatches > 0 ? hyperparameters.maxBatches : nil
    let iterations = request.iterations ?? stated
    guard iterations != nil || request.seconds != nil else {
      throw TrainingError.noIterations(network: request.cfg)
    }
    // Source: Darknet `detector.c`: four epochs, but at least a hundred iterations.
    let usual = max(
      100, saturatingProduct(request.validationEpochs, images) / max(1, hyperparameters.batch))
    let every = request.validateEvery ?? usual
    return TrainerOptions(
      backend: request.backend, threads: request.threads, seed: seed, iterations: iterations,
      seconds: request.seconds, memoryLimit: request.memoryLimit,
      cadence: cadence(request, data, iterations: iterations),
      validateEvery: every == 0 ? nil : every,
      firstValidation: request.firstValidation
        ?? max(hyperparameters.learningRate.burnIn, every),
      earlyStopping: request.earlyStopping,
      outlivesWriteFailures: request.outlivesWriteFailures,
      circumstances: ["images": "\(images)", "augmentation": request.isAugmented ? "on" : "off"])
  }

  /// Says where validation means less than people take it for.
  private static func tellValidation(_ data: TrainingData, _ path: String) {
    if data.validation == nil {
      standardError("note: \(path) has no validation images; nothing is validated")
    } else if data.isValidatedOnTraining {
      standardError("note: \(path) has no 'valid': the training images are validated on")
    } else if case .detection(let set) = data.validation, set.boxCount == 0 {
      standardError(
        "warning: no validation image of \(path) has a box; the mAP is 0 at every validation")
    }
  }

  // MARK: The run

  /// Trains, and says how it ended.
  ///
  /// - Throws: what the trainer throws, and the exit status of an interruption.
  func run() throws {
    StopSignals.watch()
    do {
      let end = try trainer.run(
        shouldStop: { StopSignals.received != nil }, report: { try note($0) })
      screen.finish(end, best: trainer.state.best, names: names)
      if end == .interrupted { throw ExitCode(128 + (StopSignals.received ?? SIGINT)) }
    } catch let error where !(error is ExitCode) {
      let iteration = trainer.state.iteration
      screen.clear()
      // The log and the page say what happened, if they still can.
      try? note(.warning("\(error)", iteration: iteration), isShown: false)
      try? note(.end(.failed, iteration: iteration), isShown: false)
      throw error
    }
  }

  private func note(_ event: TrainingEvent, isShown: Bool = true) throws {
    do {
      try log.append(event)
      isLogTold = false
    } catch let error as WriteError where request.outlivesWriteFailures {
      if !isLogTold { screen.warn("\(error)\nthe run goes on, and tries again") }
      isLogTold = true
    }
    page.note(event)
    if case .validation(let record) = event, let judge {
      page.note(judge.takeSamples())
      for fault in judge.takeFaults() {
        try note(.warning("\(fault)", iteration: record.iteration))
      }
    }
    writePage(after: event)
    if isShown { screen.show(event) }
    if case .iteration(let record) = event { try tellPictureFaults(record.iteration) }
  }

  /// Pictures that could not be read come to light only when their turn comes.
  private func tellPictureFaults(_ iteration: Int) throws {
    for fault in source.pictures.takeFaults() {
      try note(.warning("\(fault)", iteration: iteration))
    }
  }

  /// At most every ten seconds, unless something happened that people wait for.
  private func writePage(after event: TrainingEvent) {
    guard let pagePath else { return }
    let isDue =
      switch event {
      case .iteration, .warning:
        pageWritten.map { ContinuousClock.now - $0 >= .seconds(10) } ?? true
      case .start, .checkpoint: false
      case .validation, .end: true
      }
    guard isDue else { return }
    pageWritten = ContinuousClock.now
    do throws(WriteError) {
      try page.write(to: pagePath)
    } catch {
      screen.warn("\(pagePath): \(error.problem)")
    }
  }
}
