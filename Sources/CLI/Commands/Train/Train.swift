import ArgumentParser
import Penumbra
import PenumbraData
import PenumbraEngine
import PenumbraTraining

/// `penumbra train`: teaches a network.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a detector or a classifier on the CPU.",
    usage: "penumbra train CFG DATA [--from WEIGHTS] [OPTIONS]",
    discussion: """
      DATA is a .data file, or for classifiers a folder with 'train' and 'val' that hold a folder of
      pictures for each class. The cfg's [net] says how it is learnt from: batch, subdivisions,
      learning_rate, policy, max_batches, augmentation. docs/training.md has a row for each key.

      In the output folder, NAME being the cfg's name without .cfg:
        NAME_last.weights, NAME_last.state  the newest weights, and what --resume goes on from
        NAME_ema.weights                    their moving average, with ema_alpha
        NAME_best.weights                   the best at a validation
        NAME_N.weights, NAME_final.weights  at iteration N, at the end
        train.jsonl                         every number, an object a line
        train.html                          curves and pictures; reloads itself
      Every file is there whole or not at all, whenever the process ends. A run is the same to the
      bit for any number of threads, and whether or not it was interrupted and resumed.

      EXAMPLE
        penumbra train cells.cfg cells.data --output runs/cells

      EXIT STATUS
        0 finished, 64 wrong usage, 65 bad cfg, data or weights, or numbers that overflowed, 66 a file
        not found, 73 a file that cannot be written, 130 interrupted (143 terminated), with a
        checkpoint to resume from.
      """)

  @Argument(help: "The cfg file.", completion: .file(extensions: ["cfg"])) var cfg: String
  @Argument(help: "The data set: a .data file, or a folder of class folders.", completion: .file())
  var data: String

  @OptionGroup(title: "Start") var start: StartOptions
  @OptionGroup(title: "Length") var length: LengthOptions
  @OptionGroup(title: "Step") var step: StepOptions
  @OptionGroup(title: "Validation") var validation: ValidationOptions
  @OptionGroup(title: "Files") var files: TrainingFileOptions
  @OptionGroup var cfgs: CfgOptions

  func run() throws {
    try ArgumentOrder.check(cfg: cfg, weights: start.from, order: "CFG DATA")
    var request = TrainingRequest(cfg: cfg, data: data)
    request.companions = cfgs.companions
    try start.apply(to: &request)
    length.apply(to: &request)
    try step.apply(to: &request)
    validation.apply(to: &request)
    try files.apply(to: &request)
    let screen = TrainingProgress()
    let run = try TrainingRun(request, screen: screen)
    try run.run()
  }
}
