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
    case isNoFolder
    case readOnly
    /// It is one of the files that the run reads: which one it is.
    case isInput(String)
    /// It is there, and nobody said that it may go.
    case exists
    /// Two results of one run would have this name.
    case taken
    /// A pipe, a device or a descriptor where a file belongs.
    case notRegular
    /// It has a second name, which would keep what it holds.
    case hasOtherNames
    case closed
    /// Nobody reads the pipe any more.
    case readerGone
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
      case EACCES, EPERM: .notPermitted
      case ENOENT, ENOTDIR: .noFolder
      case EISDIR: .isFolder
      case EBADF: .closed
      case EPIPE: .readerGone
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
    case .isNoFolder: "the folder cannot be made: a file has its name, or that of a folder above it"
    case .readOnly: "the file cannot be written: it is read-only"
    case .isInput(let role): "this is \(role), which the result would overwrite"
    case .exists: "the file exists, and would be replaced"
    case .taken: "two results of this run would have this name"
    case .notRegular:
      "this is a pipe, a device or a descriptor; the path of a regular file was expected"
    case .hasOtherNames:
      "the file has another name (a hard link), which would keep the old text"
    case .closed: "the results cannot be written: it is closed"
    case .readerGone: "the results cannot be written: nobody reads them any more"
    case .other(let why): "the file cannot be written: \(why)"
    }
  }

  /// What to do about it.
  public var remedy: String {
    switch reason {
    case .noSpace: "free some space, or write to another disk"
    case .isFolder: "name a file in it"
    case .notRegular: "choose another place for the file"
    case .isNoFolder: "choose another name"
    case .readOnly: "give it write permission, or choose another file"
    case .isInput: "choose another file for the result"
    case .exists: "choose another place, or replace it with --overwrite"
    case .taken: "give one of them another name"
    case .hasOtherNames: "copy it to a file of its own, and change that"
    case .closed: "redirect it to a file or to /dev/null"
    case .readerGone: "have its reader read all of it, or write to a file"
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
