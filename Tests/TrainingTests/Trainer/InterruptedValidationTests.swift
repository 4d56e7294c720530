import PenumbraCfg
import PenumbraData
import PenumbraImaging
import PenumbraTraining
import TestSupport
import Testing

/// Ctrl-C while a network is judged: the judgement is put off, not lost.
struct InterruptedValidationTests {
  private static let cfg = """
    [net]
    width=4
    height=4
    channels=3
    batch=2
    learning_rate=0.01
    max_batches=4
    [convolutional]
    filters=2
    size=1
    activation=linear
    [avgpool]
    [softmax]
    """

  /// Grey images of two classes, without end.
  private final class Greys: BatchSource {
    let imageCount: Int? = nil
    let largestSize = (width: 4, height: 4)
    func examples(iteration: Int) -> [Example] {
      [0, 1].map { index in
        var image = Image(width: 4, height: 4, channels: 3, filledWith: 0)
        for place in image.pixels.indices {
          image.pixels[place] = Float((iteration + 3 * index) % 5) / 5
        }
        return Example(image: image, classShares: [Float(1 - index), Float(index)])
      }
    }
  }

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs until the end or the first validation that finds itself stopped.
  ///
  /// - Returns: how it ended, and the iterations at which it was judged.
  private func run(
    to folder: String, stopsAt iteration: Int? = nil, failsAt failing: Int? = nil,
    resumes: Bool = false
  ) throws -> (end: TrainingEnd, judged: [Int]) {
    let file = CfgFile(text: Self.cfg, name: "greys.cfg")
    var isStopped = false
    var judged: [Int] = []
    let names = CheckpointNames(cfg: "greys.cfg", folder: self.folder.file(folder))
    let trainer = try Trainer(
      file, hyperparameters: try Hyperparameters(net: file.sections[0], seed: 3),
      options: TrainerOptions(seed: 3, iterations: 4, validateEvery: 2, firstValidation: 2),
      names: names, batches: Greys()
    ) { _, moment, shouldStop in
      isStopped = isStopped || moment == iteration
      if shouldStop() { return nil }
      if moment == failing { throw Failure() }
      judged.append(moment)
      return ValidationRecord(images: 1, metrics: ["top1": 1 / Double(moment)], decisive: "top1")
    }
    // What it reports is not looked at: tests that run at the same time may lower the instruction set.
    if resumes { _ = try trainer.resume(names.state) }
    let end = try trainer.run(shouldStop: { isStopped }, report: { _ in })
    return (end, judged)
  }

  private struct Failure: Error {}

  @Test func `a validation that fails loses no weights, and takes place when the run is resumed`()
    throws
  {
    for name in ["whole", "failed"] { try folder.write("", to: "\(name)/made") }
    #expect(try run(to: "whole") == (.finished, [2, 4]))
    #expect(throws: Failure.self) { try run(to: "failed", failsAt: 2) }
    #expect(folder.files.contains("failed/greys_last.weights"))
    #expect(try run(to: "failed", resumes: true) == (.finished, [2, 4]))
    for name in ["greys_best.weights", "greys_final.weights", "greys_last.state"] {
      #expect(try folder.bytes("failed/\(name)") == folder.bytes("whole/\(name)"))
    }
  }

  @Test(arguments: [2, 4])
  func `it takes place when the run is resumed`(iteration: Int) throws {
    for name in ["whole", "parts"] { try folder.write("", to: "\(name)/made") }
    #expect(try run(to: "whole") == (.finished, [2, 4]))
    let stopped = try run(to: "parts", stopsAt: iteration)
    #expect(stopped == (.interrupted, iteration == 2 ? [] : [2]))
    #expect(!folder.files.contains("parts/greys_final.weights"))
    let resumed = try run(to: "parts", resumes: true)
    #expect(resumed == (.finished, iteration == 2 ? [2, 4] : [4]))
    for name in ["greys_best.weights", "greys_final.weights"] {
      #expect(try folder.bytes("parts/\(name)") == folder.bytes("whole/\(name)"))
    }
    // Nothing is owed twice.
    #expect(throws: TrainingError.nothingLeft(iteration: 4, iterations: 4, isResumed: true)) {
      try run(to: "parts", resumes: true)
    }
  }
}
