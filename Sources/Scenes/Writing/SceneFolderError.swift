/// Why a set of scenes was not written.
public struct SceneFolderError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// A file or folder of an earlier set is there.
    case occupied(String)
    /// A file is there that is no scene and would be lost.
    case foreign(String)
    /// The system's words for what went wrong.
    case unwritable(String)
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
  public var description: String { "\(path): error: \(problem)\nhelp: \(remedy)" }

  private var problem: String {
    switch reason {
    case .occupied(let entry): "there is a data set already ('\(entry)')"
    case .foreign(let file): "'\(file)' is no rendered scene and would be lost"
    case .unwritable(let message): "cannot write: \(message)"
    }
  }

  private var remedy: String {
    switch reason {
    case .occupied: "choose another folder, or replace the set (--force)"
    case .foreign: "choose another folder"
    case .unwritable: "check that the folder may be written and the disk has room"
    }
  }
}
