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
    case usage = 64
    case badData = 65
    case notFound = 66
    case internalError = 70
    case cannotCreate = 73
  }

  /// Prints results that are left, then the error, and ends the process with its status.
  ///
  /// - Parameter given: the arguments, which the argument parser quotes in its texts.
  static func exit(
    with error: any Error, of command: any ParsableCommand.Type, given: [String]
  ) -> Never {
    var (text, code) = said(by: error, of: command)
    if code != 0, status(of: error) == nil { text = quotable(text, given) }
    do throws(WriteError) {
      if code == 0 { try StandardOutput.write(text) }
      try StandardOutput.flush()
      if code != 0, !text.isEmpty { standardError(text) }
    } catch {
      // Whatever else went wrong: the results are not there.
      (text, code) = said(by: error, of: command)
      if !text.isEmpty { standardError(text) }
    }
    Foundation.exit(code)
  }

  /// What there is to say about an error, and the exit status.
  private static func said(
    by error: any Error, of command: any ParsableCommand.Type
  ) -> (text: String, code: Int32) {
    if let error = error as? WriteError, error.reason == .readerGone,
      error.file == StandardOutput.name
    {
      // As from any tool in a pipeline: `penumbra inspect net.cfg | head -1` is no mistake.
      return ("", 128 + SIGPIPE)
    }
    guard let status = status(of: error) else {
      let (text, code) = (command.fullMessage(for: error), command.exitCode(for: error).rawValue)
      return (text.isEmpty || code != 0 ? text : text + "\n", code)
    }
    return (isOurs(error) ? "\(error)" : internalMistake(error), status.rawValue)
  }

  /// Errors of others do not say what a person can do, and often not even what happened.
  private static func isOurs(_ error: any Error) -> Bool {
    String(reflecting: type(of: error)).hasPrefix("Penumbra")
  }

  private static func internalMistake(_ error: any Error) -> String {
    """
    error: a mistake of the program itself (\(String(reflecting: type(of: error))))
    help: please report it, with the command line, the files it names and penumbra's version \
    (\(Entry.configuration.version))
    """
  }

  /// A text of the argument parser: what it quotes of the arguments is made visible and short.
  private static func quotable(_ text: String, _ given: [String]) -> String {
    given.reduce(text) { text, argument in
      argument == argument.quotable ? text : text.replacing(argument, with: argument.quotable)
    }
  }

  /// Nil for what the argument parser made itself: usage errors, help, and plain exit codes.
  static func status(of error: any Error) -> Status? {
    switch error {
    case is ExitCode, is CleanExit, is ValidationError: nil
    case let error as FileError: error.reason == .notFound ? .notFound : .badData
    case is WriteError: .cannotCreate
    case let error as WeightsError: weightsStatus(error.reason)
    case let error as ImageError: imageStatus(error.reason)
    case PlanError.broken: .internalError
    case is CfgError, is DetectionError, is PlanError, is ZooError: .badData
    case let error as DataError: dataStatus(error)
    case is EvaluationError: .badData
    case is SceneFolderError, is FolderInUse: .cannotCreate
    case is TrainingError: .badData
    case let error as StateError: error.reason == .notFound ? .notFound : .badData
    case let error as InputError: error.status
    case is UsageError: .usage
    default: String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") ? nil : .internalError
    }
  }

  private static func imageStatus(_ reason: ImageError.Reason) -> Status {
    switch reason {
    case .notFound: .notFound
    case .unwritable: .cannotCreate
    default: .badData
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
