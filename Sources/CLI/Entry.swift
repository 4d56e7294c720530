import ArgumentParser

/// The `penumbra` command.
@main
struct Entry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "penumbra",
    abstract: "Runs, checks and measures networks written as Darknet cfg files.",
    discussion: """
      EXAMPLE
        penumbra detect yolov4-tiny.cfg yolov4-tiny.weights street.jpg --annotate out

      EXIT STATUS
        0 success, 1 a stated threshold missed, 64 wrong usage, 65 a bad cfg, weights file or
        image, 66 a file not found, 70 an internal error.
      """,
    version: "0.1.0",
    subcommands: [
      Detect.self, Classify.self, Evaluate.self, Train.self, Calibrate.self, Lint.self,
      Sections.self, Inspect.self, Lower.self, ZooCommand.self, Paper.self, DataCommand.self,
      Anchors.self, Bench.self, WeightsCommand.self, Trace.self, Compare.self, Detector.self,
      Classifier.self,
    ])

  static func main() {
    do {
      let arguments = Array(CommandLine.arguments.dropFirst())
      var command = try parseAsRoot(DarknetSpelling.corrected(arguments))
      try command.run()
    } catch {
      Failure.exit(with: error, of: self)
    }
  }
}
