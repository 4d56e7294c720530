#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// All bytes of a file, pipe or device, up to a limit.
func readFile(_ path: String, limitBytes: Int) throws(ImageError) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw ImageError(system: "opening", path: path) }
  defer { close(file) }

  var status = stat()
  guard fstat(file, &status) == 0 else { throw ImageError(system: "reading", path: path) }
  if status.st_mode & S_IFMT == S_IFDIR { throw ImageError(.isFolder, path: path) }
  if Int(status.st_size) > limitBytes {
    throw ImageError(.fileTooLong(limitBytes: limitBytes), path: path)
  }

  // One byte more than expected, so that a regular file ends within the first round.
  var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size) + 1, 1 << 12))
  var length = 0
  while true {
    if length == bytes.count { bytes.append(contentsOf: repeatElement(0, count: length)) }
    let got = bytes.withUnsafeMutableBytes {
      read(file, $0.baseAddress! + length, $0.count - length)
    }
    if got < 0 && errno == EINTR { continue }
    if got < 0 { throw ImageError(system: "reading", path: path) }
    if got == 0 { break }
    length += got
    if length > limitBytes { throw ImageError(.fileTooLong(limitBytes: limitBytes), path: path) }
  }
  bytes.removeLast(bytes.count - length)
  return bytes
}

extension ImageError {
  /// The error `errno` stands for, met while reading a file.
  init(system operation: String, path: String) {
    self.init(Reason(system: operation, code: errno), path: path)
  }
}

extension ImageError.Reason {
  init(system operation: String, code: Int32) {
    switch code {
    case ENOENT, ENOTDIR: self = .notFound
    case EISDIR: self = .isFolder
    case EACCES, EPERM, EROFS: self = .noPermission
    case ENOSPC, EDQUOT, EFBIG: self = .diskFull
    default: self = .system(operation: operation, message: String(cString: strerror(code)))
    }
  }
}
