#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the path of an output stands for.
package enum OutputTarget {
  /// A regular file by a path that is no link: the one there, or one to be made.
  case file(String, earlier: FileStatus?)
  /// A device, a pipe or a socket.
  case stream
  /// A descriptor that the process has, such as `/dev/stdout`.
  case descriptor(Int32)

  /// - Throws: for a folder, and where the path leads nowhere.
  package init(_ path: String) throws(WriteError) {
    guard !path.isEmpty else { throw WriteError(path, .noFolder) }
    let (end, descriptor) = try Self.followed(path)
    if let descriptor {
      self = .descriptor(descriptor)
      return
    }
    guard let status = FileStatus(path) else {
      guard errno == ENOENT else { throw WriteError(path) }
      guard !end.hasSuffix("/") else { throw WriteError(path, .noFolder) }
      self = .file(end, earlier: nil)
      return
    }
    switch status.kind {
    case .folder: throw WriteError(path, .isFolder)
    case .regular: self = .file(end, earlier: status)
    case .pipe, .other: self = .stream
    }
  }

  /// Whether it is there and no file: a descriptor, a pipe or a device.
  package var isStream: Bool { if case .file = self { false } else { true } }

  /// Follows links to the end, which need not exist.
  private static func followed(
    _ path: String
  ) throws(WriteError) -> (end: String, descriptor: Int32?) {
    var end = path
    for _ in 0..<40 {
      if let number = descriptor(end) { return (end, number) }
      guard let link = destination(ofLink: end) else { return (end, nil) }
      end = link.hasPrefix("/") ? link : end.folderName + "/" + link
    }
    throw WriteError(path, errno: ELOOP)
  }

  private static func descriptor(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdin": return 0
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default: break
    }
    let folders = [
      "/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", "/proc/\(getpid())/fd/",
    ]
    guard let folder = folders.first(where: path.hasPrefix) else { return nil }
    return Int32(path.dropFirst(folder.count))
  }
}

/// Where a regular file is, or will be: paths that lead to one place are equal.
package struct OutputPlace: Hashable, Sendable {
  let folder: FileIdentity
  let name: String

  /// Nil for what is no regular file, and where there is no such folder.
  ///
  /// - Parameter ignoresCase: whether names that differ in case alone are one, as on some disks.
  package init?(_ path: String, ignoresCase: Bool = false) {
    guard let target = try? OutputTarget(path), case .file(let end, _) = target,
      let home = FileStatus(end.folderName)
    else { return nil }
    folder = home.identity
    name = ignoresCase ? end.fileName.lowercased() : end.fileName
  }
}

/// Whether something has this name, be it a link that leads nowhere.
package func isThere(_ path: String) -> Bool {
  fileStatus(path, followsLinks: false) != nil
}

/// Whether a path is a symbolic link.
package func isLink(_ path: String) -> Bool { destination(ofLink: path) != nil }

/// What the system says about a file.
package struct FileStatus {
  package enum Kind: Sendable { case regular, folder, pipe, other }

  package let kind: Kind
  package let identity: FileIdentity
  /// Permissions, with those that only programs have.
  let mode: mode_t
  /// Whether it has another name, so that replacing this one leaves the old text under the other.
  package let hasOtherNames: Bool
  let owner: uid_t
  let group: gid_t

  /// Of what is at a path, or at the end of the links there; nil, with `errno`, where nothing is.
  package init?(_ path: String) {
    guard let status = fileStatus(path) else { return nil }
    self.init(status)
  }

  /// Of what a descriptor leads to; nil where it is closed.
  package init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    case S_IFIFO: kind = .pipe
    default: kind = .other
    }
    identity = FileIdentity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
    hasOtherNames = status.st_nlink > 1
    (mode, owner, group) = (status.st_mode & 0o7777, status.st_uid, status.st_gid)
  }
}

/// One file, whatever its paths.
package struct FileIdentity: Hashable, Sendable {
  let device: UInt64
  let number: UInt64
}

/// The text of a symbolic link; nil where there is none.
func destination(ofLink path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
  let count = path.withSystemPath { readlink($0, &buffer, buffer.count - 1) } ?? -1
  guard count >= 0 else { return nil }
  return String(systemBytes: buffer[..<count].map(UInt8.init(bitPattern:)))
}

/// Whether this process may do something with a file, as whoever it acts for.
func isAllowed(_ mode: Int32, _ path: String) -> Bool {
  path.withSystemPath { faccessat(AT_FDCWD, $0, mode, AT_EACCESS) } == 0
}
