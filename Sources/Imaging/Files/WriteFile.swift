#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Writes a file so that readers see all of it or the old one: a temporary neighbor, then a rename.
func writeFile(_ bytes: [UInt8], to path: String) throws(ImageError) {
  let (file, temporary) = try createNeighbor(of: path)
  do throws(ImageError) {
    try fill(file, with: bytes, path: path)
    guard rename(temporary, path) == 0 else {
      throw ImageError(writing: "renaming", path: path)
    }
  } catch {
    unlink(temporary)
    throw error
  }
}

/// Creates a file nobody has next to `path`, with the permissions an ordinary new file gets.
private func createNeighbor(of path: String) throws(ImageError) -> (file: Int32, name: String) {
  for _ in 0..<100 {
    let name = "\(path).\(UInt64.random(in: 0...UInt64.max)).tmp"
    let file = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    if file >= 0 { return (file, name) }
    if errno != EEXIST { break }
  }
  throw ImageError(writing: "creating a file", path: path)
}

/// Closes the file in every case; a full disk may show only then.
private func fill(_ file: Int32, with bytes: [UInt8], path: String) throws(ImageError) {
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes {
      write(file, $0.baseAddress! + written, $0.count - written)
    }
    if count < 0 && errno == EINTR { continue }
    if count < 0 {
      let error = ImageError(writing: "writing", path: path)
      close(file)
      throw error
    }
    written += count
  }
  guard close(file) == 0 else { throw ImageError(writing: "writing", path: path) }
}

extension ImageError {
  /// The error `errno` stands for, met while writing: what is missing then is the folder.
  fileprivate init(writing operation: String, path: String) {
    let reason = Reason(system: operation, code: errno)
    self.init(reason == .notFound ? .folderMissing : reason, path: path)
  }
}

extension ImageError.Reason {
  fileprivate init(system operation: String, code: Int32) {
    switch code {
    case ENOENT, ENOTDIR: self = .notFound
    case EISDIR: self = .isFolder
    case EACCES, EPERM, EROFS: self = .noPermission
    case ENOSPC, EDQUOT, EFBIG: self = .diskFull
    default: self = .system(operation: operation, message: String(cString: strerror(code)))
    }
  }
}
