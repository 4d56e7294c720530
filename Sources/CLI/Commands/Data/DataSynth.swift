import ArgumentParser
import Foundation
import PenumbraCompute
import PenumbraScenes
import Synchronization

/// `penumbra data synth`: a data set out of nothing.
struct DataSynth: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synth",
    abstract: "Renders a data set: blood smears under a microscope, with a box for each cell.",
    discussion: """
      Red cells, white cells and platelets (RBC, WBC, Platelets: the classes of the BCCD photographs, \
      in their order), overlapping, stained, unevenly lit and out of focus as micrographs are. \
      A picture depends on the seed, its number and the size alone: the same command writes the same \
      bytes on any number of threads, and at twice the size the cells are the same, twice as large.

      The folder gets images/, labels/ ('class cx cy w h' a line, as shares of the picture), \
      train.txt, val.txt, cells.names and cells.data, which 'penumbra train' and Darknet take. \
      It is whole where cells.data is: that file comes last.

      --json prints one object: train and validation, each {pictures, boxes: {class: count}}.

      EXAMPLE
        penumbra data synth --output cells --count 500 --val 100 --seed 7

      EXIT STATUS
        0 written, 73 the folder holds a data set already, or cannot be written.
      """)

  @Option(name: .shortAndLong, help: "The folder to write.", completion: .directory)
  var output: String
  @Option(help: "Pictures to train on.") var count = 500
  @Option(help: "Pictures to validate with, besides; a fifth of --count by default.") var val: Int?
  @Option(help: "Size of the pictures, in pixels.") var size = PixelSize(width: 640, height: 480)
  @Option(help: "Another seed gives other pictures.") var seed: UInt64 = 1
  @Option(
    help: """
      Label a red cell or platelet if this share of it is seen, in the picture and under no other \
      cell; white cells need half of it.
      """)
  var labelCutCells: Float = SceneOptions().visibleShare
  @Option(help: "Room between a cell and its box, in pixels of a 640x480 picture.")
  var margin: Float = SceneOptions().margin
  @Option(help: "Threads; as many as there are processors by default.") var threads: Int?
  @Flag(help: "Replace a data set that this command wrote.") var force = false
  @Flag(help: "Print what was written as JSON.") var json = false

  func validate() throws {
    for (name, value) in [("--count", count), ("--val", val ?? 0)] {
      guard (0...1_000_000).contains(value) else {
        throw ValidationError("\(name) is \(value), expected 0 to 1000000")
      }
    }
    guard count + pictures.validation > 0 else {
      throw ValidationError("--count and --val are 0, expected a picture at least")
    }
    for (name, side) in [("width", size.width), ("height", size.height)]
    where !Scene.sides.contains(side) {
      let (low, high) = (Scene.sides.lowerBound, Scene.sides.upperBound)
      throw ValidationError("--size has a \(name) of \(side), expected \(low) to \(high)")
    }
    guard labelCutCells >= 0, labelCutCells <= 1 else {
      throw ValidationError("--label-cut-cells is \(labelCutCells), expected 0 to 1")
    }
    guard (0...50).contains(margin) else {
      throw ValidationError("--margin is \(margin), expected 0 to 50")
    }
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 256")
    }
  }

  private var pictures: (train: Int, validation: Int) { (count, val ?? (count + 4) / 5) }

  func run() throws {
    let folder = SceneFolder(
      seed: seed, trainCount: pictures.train, validationCount: pictures.validation,
      width: size.width, height: size.height,
      options: SceneOptions(visibleShare: labelCutCells, margin: margin))
    let progress = Mutex(Progress(total: pictures.train + pictures.validation))
    let path = output.count > 1 && output.hasSuffix("/") ? String(output.dropLast()) : output
    let summary: SceneFolder.Summary
    do {
      defer { progress.withLock { $0.clear() } }
      summary = try folder.write(
        to: path, replacing: force, threads: threads ?? ThreadPool.processors
      ) { done in progress.withLock { $0.show(done: done) } }
    }
    if json {
      try Output.object(summary)
    } else {
      Output.line("\(path)/cells.data")
      report(summary.train, as: "train")
      report(summary.validation, as: "val")
    }
  }

  private func report(_ part: SceneFolder.Summary.Part, as name: String) {
    let boxes = Scene.classNames.map { "\(part.boxes[$0] ?? 0) \($0)" }.joined(separator: ", ")
    Output.line("\(name): \(counted(part.pictures, "picture")), \(boxes)")
  }
}

/// Two sides, written as `640x480`.
struct PixelSize: ExpressibleByArgument, Hashable, CustomStringConvertible {
  let width: Int
  let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  init?(argument: String) {
    let sides = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1] else { return nil }
    self.init(width: width, height: height)
  }

  var description: String { "\(width)x\(height)" }
}
