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

extension CfgFile {
  /// No cfg is larger; a weights file in its place is.
  public static let largestFile = 16 << 20

  /// Reads a file.
  public init(contentsOf path: String) throws(FileError) {
    self.init(bytes: try readText(path, limit: Self.largestFile), name: path)
  }
}

/// The bytes of a text file.
public func readText(_ path: String, limit: Int = 64 << 20) throws(FileError) -> [UInt8] {
  let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else {
    throw FileError(
      path, errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(systemReason()))
  }
  defer { close(descriptor) }
  var status = stat()
  guard unsafe fstat(descriptor, &status) == 0 else {
    throw FileError(path, .unreadable(systemReason()))
  }
  if status.st_mode & S_IFMT == S_IFDIR { throw FileError(path, .isFolder) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe chunk.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    guard count >= 0 else { throw FileError(path, .unreadable(systemReason())) }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
    guard bytes.count <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
  }
}

/// The system's text for the last error.
private func systemReason() -> String { unsafe String(cString: strerror(errno)) }
