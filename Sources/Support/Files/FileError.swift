#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a file cannot be read.
public struct FileError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notFound
    case isFolder
    case tooLarge(limit: Int)
    /// A pipe, device or socket, named by a file or found in a folder.
    case notRegular
    /// A link in a folder that leads out of it.
    case outsideFolder
    case noMemory(bytes: Int)
    case notPermitted
    /// A file of one kind where another was expected.
    case otherKind(KindMismatch)
    case unreadable(String)
  }

  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }

  /// The failure that the last error number of this thread stands for.
  package init(reading file: String) {
    let reason: Reason =
      switch errno {
      case ENOENT, ENOTDIR: .notFound
      case EISDIR: .isFolder
      case EACCES, EPERM: .notPermitted
      default: .unreadable(systemReason())
      }
    self.init(file, reason)
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    "\(file.shownPath): error: \(problem)" + (remedy.map { "\nhelp: \($0)" } ?? "")
  }

  /// What is wrong, in one line without the path.
  public var problem: String {
    switch reason {
    case .notFound: "there is no such file"
    case .isFolder: "this is a folder, a file was expected"
    case .tooLarge(let limit):
      "the file is larger than \(limit) bytes, the most that is read of such a file"
    case .notRegular: "this is a pipe or a device, a regular file was expected"
    case .outsideFolder: "this link leads out of the folder that is searched; it is not followed"
    case .noMemory(let bytes): "there is no memory for the \(bytes) bytes of the file"
    case .notPermitted: "the file cannot be read: permission denied"
    case .otherKind(let mismatch): mismatch.problem
    case .unreadable(let why): "the file cannot be read: \(why)"
    }
  }

  /// What to do about it, where there is something to say.
  public var remedy: String? {
    switch reason {
    case .notFound: "check the path"
    case .isFolder: "name a file in it"
    case .tooLarge: "check the order of the arguments"
    case .notRegular: "name it on the command line, where pipes are read, or copy it to a file"
    case .outsideFolder:
      "name the file itself, or give --allow-outside for a folder that you trust"
    case .noMemory: "raise the memory limit of the process, or use a smaller file"
    case .notPermitted: "change the permissions, or use another place"
    case .otherKind(let mismatch): mismatch.remedy
    case .unreadable: nil
    }
  }
}
