import ArgumentParser
import Foundation
import PenumbraEngine

/// The `penumbra` command, for the program and for tests.
package enum Command {
  /// Runs what the process's arguments say, and ends the process where that fails.
  package static func main() { Entry.main() }
}

/// All commands.
struct Entry: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "penumbra",
    abstract: "Runs, checks and measures networks written as Darknet cfg files.",
    discussion: """
      EXAMPLE
        penumbra detect yolov4-tiny.cfg yolov4-tiny.weights street.jpg --annotate out

      EXIT STATUS
        0 success, 1 a stated threshold missed, 64 wrong usage, 65 a bad cfg, weights file or
        image, 66 a file not found, 70 an internal error, 73 a file or stream
        that cannot be written, 141 when nobody reads the results any more.

      ENVIRONMENT
        PENUMBRA_ISA  the highest instruction set used, as --isa: \
      \(Runtime.instructionSets.joined(separator: ", ")).
      """,
    version: "0.1.0",
    subcommands: [
      Detect.self, Classify.self, Evaluate.self, Train.self, Calibrate.self, Lint.self,
      Sections.self, Inspect.self, Lower.self, ZooCommand.self, Paper.self, DataCommand.self,
      Anchors.self, Bench.self, WeightsCommand.self, Trace.self, Compare.self, Detector.self,
      Classifier.self,
    ])

  static func main() {
    StandardStreams.prepare()
    let given = SystemArguments.all
    do {
      try limitInstructionSet()
      var command = try parsed(ArgumentCheck.prepared(given, for: self))
      try command.run()
      try StandardOutput.flush()
    } catch {
      Failure.exit(with: error, of: self, given: given)
    }
  }

  private static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
    do {
      return try parseAsRoot(arguments)
    } catch {
      guard exitCode(for: error) == .validationFailure,
        let better = ArgumentCheck.explanation(arguments, for: self)
      else { throw error }
      throw better
    }
  }

  private static func limitInstructionSet() throws {
    guard let name = ProcessInfo.processInfo.environment["PENUMBRA_ISA"], !name.isEmpty,
      !Runtime.limitInstructionSet(to: name)
    else { return }
    throw ValidationError(
      "PENUMBRA_ISA is '\(name)', expected one of \(Runtime.instructionSets.joined(separator: ", "))"
    )
  }
}
