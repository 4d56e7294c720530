#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Why a text file cannot be read.
public struct FileError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notFound
    case isFolder
    case tooLarge(limit: Int)
    case unreadable(String)
  }

  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }
}

extension FileError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .notFound: "\(file): error: there is no such file\nhelp: check the path"
    case .isFolder: "\(file): error: this is a folder, a file was expected\nhelp: name a file in it"
    case .tooLarge(let limit):
      "\(file): error: the file is larger than \(limit) bytes, which no such text is\nhelp: check"
        + " the order of the arguments"
    case .unreadable(let why): "\(file): error: the file cannot be read: \(why)"
    }
  }
}

/// The bytes of a text file.
public func readText(_ path: String, limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw FileError(
      path, errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(systemReason()))
  }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    throw FileError(path, .unreadable(systemReason()))
  }
  if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path, .isFolder) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = chunk.withUnsafeMutableBytes {
      read(descriptor, $0.baseAddress, $0.count)
    }
    guard count >= 0 else { throw FileError(path, .unreadable(systemReason())) }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
    guard bytes.count <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
  }
}
