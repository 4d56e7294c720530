import ArgumentParser
import Foundation
import Penumbra
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraEvaluation
import PenumbraImaging
import PenumbraScenes
import PenumbraSupport
import PenumbraTraining
import PenumbraZoo

/// What a failed command tells the shell and the reader.
enum Failure {
  /// The exit status, after BSD's `sysexits.h`.
  enum Status: Int32 {
    case thresholdMissed = 1
    case badData = 65
    case notFound = 66
    case internalError = 70
    case cannotCreate = 73
  }

  /// Prints the error on stderr and ends the process with its status.
  static func exit(with error: any Error, of command: any ParsableCommand.Type) -> Never {
    guard let status = status(of: error) else { command.exit(withError: error) }
    standardError("\(error)")
    Foundation.exit(status.rawValue)
  }

  /// Nil for what the argument parser made itself: usage errors, help, and plain exit codes.
  static func status(of error: any Error) -> Status? {
    switch error {
    case is ExitCode, is CleanExit, is ValidationError: nil
    case let error as FileError: error.reason == .notFound ? .notFound : .badData
    case is WriteError: .cannotCreate
    case let error as WeightsError: weightsStatus(error.reason)
    case let error as ImageError: error.isNotFound ? .notFound : .badData
    case is CfgError, is DetectionError, is PlanError, is ZooError: .badData
    case let error as DataError: dataStatus(error)
    case is EvaluationError: .badData
    case is SceneFolderError, is FolderInUse: .cannotCreate
    case is TrainingError: .badData
    case let error as StateError: error.reason == .notFound ? .notFound : .badData
    case let error as InputError: error.status
    case let error as OutputError: error.status
    default: String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") ? nil : .internalError
    }
  }

  private static func dataStatus(_ error: DataError) -> Status {
    if case .cannotWrite = error.reason { return .cannotCreate }
    return error.isNotFound ? .notFound : .badData
  }

  private static func weightsStatus(_ reason: WeightsError.Reason) -> Status {
    switch reason {
    case .notFound: .notFound
    default: .badData
    }
  }
}

/// A mistake in what a command was given that only the command can see.
struct InputError: Error, CustomStringConvertible {
  let description: String
  let status: Failure.Status

  init(_ what: String, help: String? = nil, status: Failure.Status = .badData) {
    self.status = status
    description = "error: \(what)" + (help.map { "\nhelp: \($0)" } ?? "")
  }
}

/// A result that could not be written.
struct OutputError: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var status: Failure.Status { .cannotCreate }
  var description: String {
    "\(path.shownPath): error: cannot write: \(reason)\nhelp: check that the folder exists and may be written"
  }
}

/// Messages go to stderr, so that stdout holds results alone; what a terminal would obey in them, such
/// as an escape sequence in a file's name, is shown instead.
func standardError(_ text: String) {
  FileHandle.standardError.write(Data((text.printableLines + "\n").utf8))
}

extension ImageError {
  fileprivate var isNotFound: Bool { reason == .notFound }
}
