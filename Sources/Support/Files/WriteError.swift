#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a file cannot be written: which file, and what the system said.
public struct WriteError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case noSpace
    case notPermitted
    case noFolder
    case isFolder
    /// The system's text for any other failure.
    case other(String)
  }

  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }

  /// The failure that an error number of the system stands for.
  ///
  /// - Parameter code: an `errno`; nil for the last one of this thread.
  public init(_ file: String, errno code: Int32? = nil) {
    let code = code ?? errno
    let reason: Reason =
      switch code {
      case ENOSPC, EDQUOT, EFBIG: .noSpace
      case EACCES, EPERM, EROFS: .notPermitted
      case ENOENT, ENOTDIR: .noFolder
      case EISDIR: .isFolder
      default: .other(systemReason(code))
      }
    self.init(file, reason)
  }
}

extension WriteError: CustomStringConvertible {
  public var description: String { "\(file.shownPath): error: \(problem)\nhelp: \(remedy)" }

  /// What is wrong, in one line without the path.
  public var problem: String {
    switch reason {
    case .noSpace: "the file cannot be written: there is no space left"
    case .notPermitted: "the file cannot be written: permission denied"
    case .noFolder: "the file cannot be written: there is no such folder"
    case .isFolder: "the file cannot be written: this is a folder"
    case .other(let why): "the file cannot be written: \(why)"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch reason {
    case .noSpace: "free some space, or write to another disk"
    case .isFolder: "name a file in it"
    case .notPermitted, .noFolder, .other: "check that the folder exists and may be written"
    }
  }
}

/// The system's text for an error number; nil stands for the last one of this thread.
package func systemReason(_ code: Int32? = nil) -> String {
  let code = code ?? errno
  guard code != EILSEQ else {
    return "the path contains a NUL, or bytes that no file name may have"
  }
  return String(cString: strerror(code))
}
