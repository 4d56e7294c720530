import PenumbraSupport

/// All bytes of a picture's file, as far as the options allow.
package func readPicture(
  _ path: String, _ options: DecodingOptions
) throws(ImageError) -> [UInt8] {
  try readPicture(path, limitBytes: options.limits.fileBytes, from: options.source)
}

/// All bytes of a picture's file, up to a limit.
func readPicture(
  _ path: String, limitBytes: Int, from source: FileSource
) throws(ImageError) -> [UInt8] {
  do throws(FileError) {
    return try readFile(path, limit: limitBytes, from: source)
  } catch {
    throw ImageError(ImageError.Reason(error.reason), path: path)
  }
}

extension ImageError.Reason {
  fileprivate init(_ reason: FileError.Reason) {
    switch reason {
    case .notFound: self = .notFound
    case .isFolder: self = .isFolder
    case .tooLarge(let limit): self = .fileTooLong(limitBytes: limit)
    case .notRegular: self = .notRegular
    case .outsideFolder: self = .system(operation: "reading", message: "the link leads elsewhere")
    case .noMemory(let bytes): self = .noMemory(bytes: bytes)
    case .notPermitted: self = .noPermission
    case .otherKind(let mismatch):
      self = .system(operation: "reading", message: mismatch.problem)
    case .unreadable(let why): self = .system(operation: "reading", message: why)
    }
  }
}
