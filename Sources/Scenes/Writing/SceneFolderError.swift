public import PenumbraSupport

/// Why a set of scenes was not written.
public struct SceneFolderError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// A file or folder of an earlier set is there.
    case occupied(String)
    /// A file is there that is no scene and would be lost.
    case foreign(String)
    /// A file is there that may belong to another set: there is no `cells.data`, which comes last.
    case unfinished(String)
    /// A list is there with a line that names no scene.
    case foreignList(String, line: Int)
    case unwritable(WriteError)
    /// Why a picture was not written.
    case unpaintable(String)
  }

  public let reason: Reason
  public let path: String

  init(_ reason: Reason, path: String) {
    self.reason = reason
    self.path = path
  }
}

extension SceneFolderError: CustomStringConvertible {
  /// `path: error: …` and `help: …`, the form of every message of this package.
  public var description: String { "\(path.shownPath): error: \(problem)\nhelp: \(remedy)" }

  private var problem: String {
    switch reason {
    case .occupied(let entry): "there is a data set already ('\(entry)')"
    case .foreign(let file): "'\(file)' is no rendered scene and would be lost"
    case .unfinished(let entry):
      "'\(entry)' is there without a 'cells.data', may be another set's and would be lost"
    case .foreignList(let list, let line):
      "line \(line) of '\(list)' is no rendered scene, and the list would be lost"
    case .unwritable(let error): error.problem
    case .unpaintable(let message): message
    }
  }

  private var remedy: String {
    switch reason {
    case .occupied: "choose another folder, or replace the set (--force)"
    case .foreign, .foreignList: "choose another folder"
    case .unfinished:
      "choose another folder, or remove what an interrupted run left; a '.scenes-….old' in it holds the"
        + " set before"
    case .unwritable(let error): error.remedy
    case .unpaintable: "check that the folder may be written and the disk has room"
    }
  }
}
