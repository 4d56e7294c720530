import ArgumentParser
import Foundation
import Penumbra
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// `penumbra calibrate`: the ranges that int8 needs, from a folder of pictures.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds the value ranges that --precision int8 needs, from pictures.",
    usage: "penumbra calibrate CFG WEIGHTS INPUT... --out FILE [OPTIONS]",
    discussion: """
      Runs the pictures in fp32 and notes for every convolution the range of its input that loses \
      least in 256 steps: what rounding costs inside it and clipping outside it, in squares. Some \
      tens of pictures of the kind the network will see are enough.

      The file is JSON: cfg, parameters (numbers in the weights file), images, and inputs[] with \
      layer, low and high. It belongs to this cfg with these weights at this input size.

      EXAMPLE
        penumbra calibrate net.cfg net.weights photos/ --out net.int8.json
        penumbra detect net.cfg net.weights street.jpg \\
          --precision int8 --calibration net.int8.json
      """)

  @OptionGroup var files: NetworkAndPictures
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Run") var execution: RunOptions

  @Option(
    name: .shortAndLong, help: "The file to write, such as net.int8.json beside the weights.",
    completion: .file(extensions: ["json"]))
  var out: String

  func validate() throws {
    guard execution.numbers.precision == .fp32 else {
      throw ValidationError("calibrate runs in fp32; leave out --precision")
    }
  }

  func run() throws {
    let inputs = try files.inputList()
    let graph = try files.graph(execution)
    var plan = files.plan(inputs, pictures, execution)
    try plan.writes(out)
    let reader = PictureReader(
      graph: graph,
      preprocessing: graph.preprocessing(preset: pictures.preset, orientation: pictures.exif),
      limits: pictures.size.limits)
    let planOptions = try execution.planOptions()
    let weights = try files.load(for: graph, planOptions)
    var calibrator = try Calibrator(graph, weights: weights, options: planOptions)
    var (progress, cursor, done) = (Progress(total: inputs.count), inputs.makeCursor(), 0)
    while let path = cursor.next() {
      plan.reads([path.path], as: "a picture")
      let fitted = try reader.read(path).content.get().fitted
      unsafe calibrator.withInput { unsafe _ = $0.update(fromContentsOf: fitted.input.pixels) }
      try calibrator.run()
      done += 1
      progress.show(done: done)
    }
    progress.clear()
    try weights.checkUnchanged()
    let calibration = calibrator.calibration
    guard done > 0 else {
      throw InputError("there is no picture to calibrate with", help: "name a folder with some")
    }
    try plan.protects(out)
    try AtomicFile.write(try Output.json(calibration), to: out)
    standardError(
      "\(calibration.inputs.count) convolutions calibrated with \(counted(done, "picture")):"
        + " \(out.shownPath)"
    )
  }
}
