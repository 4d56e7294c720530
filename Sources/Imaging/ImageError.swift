public import PenumbraSupport

/// What went wrong while reading, preparing or writing a picture.
public struct ImageError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notFound
    case isFolder
    case noPermission
    /// A pipe or device, named by a list or found in a folder.
    case notRegular
    case noMemory(bytes: Int)
    case emptyFile
    case fileTooLong(limitBytes: Int)
    case unknownFormat
    /// Something else by its first bytes: a format that is not read, or no picture at all.
    case otherKind(ForeignFile)
    case corrupt(format: ImageFormat, detail: String)
    case truncated(format: ImageFormat)
    case tooLarge(width: Int, height: Int, limits: DecodingLimits)
    case tooManyScans(found: Int, limits: DecodingLimits)
    case zeroSized(format: ImageFormat)
    case unsupportedChannels(found: Int, wanted: Int)
    case unwritable(WriteError)
    case unknownExtension(String)
    case tooLargeToEncode(width: Int, height: Int)
    case system(operation: String, message: String)
  }

  public let reason: Reason
  /// The file as the caller named it, or what stands for it when bytes came from memory.
  public let path: String

  public init(_ reason: Reason, path: String) {
    self.reason = reason
    self.path = path
  }
}

extension ImageError: CustomStringConvertible {
  /// `path: error: …` and `help: …`, the form of every message of this package.
  public var description: String { "\(path.shownPath): error: \(problem)\nhelp: \(remedy)" }

  /// What is wrong, in one line without the path.
  public var problem: String {
    switch reason {
    case .notFound: "no such file"
    case .isFolder: "this is a folder, expected a picture"
    case .noPermission: "permission denied"
    case .notRegular: "this is a pipe or a device, a regular file was expected"
    case .noMemory(let bytes): "there is no memory for the \(bytes) bytes that it takes"
    case .emptyFile: "the file is empty"
    case .fileTooLong(let limit): "the file is longer than the limit of \(limit) bytes"
    case .unknownFormat: "not a picture in a format that can be read"
    case .otherKind(let kind): kind.problem
    case .corrupt(let format, let detail): "damaged \(format.name) file (\(detail))"
    case .truncated(let format): "the \(format.name) file ends before the picture does"
    case .tooLarge(let width, let height, let limits):
      "\(width)x\(height) pixels, expected at most \(limits.side) a side "
        + "and \(min(limits.pixels, DecodingLimits.highestPixels)) in all"
    case .tooManyScans(let found, let limits):
      "\(found) scans in a JPEG file, expected at most \(limits.scans), and 64 over a picture of "
        + "the largest size"
    case .zeroSized(let format): "the \(format.name) header states a picture without pixels"
    case .unsupportedChannels(_, let wanted):
      "'channels' is \(wanted), but pictures are read with 1 channel (grey) or 3 (red, green, blue)"
    case .unwritable(let error): error.problem
    case .unknownExtension(let found):
      found.isEmpty ? "the name has no extension" : "cannot write '.\(found)' files"
    case .tooLargeToEncode(let width, let height):
      "\(width)x\(height) pixels are too many for one encoded file"
    case .system(let operation, let message): "\(operation) failed: \(message)"
    }
  }

  var remedy: String {
    switch reason {
    case .notFound: "check the path, relative ones start in the current folder"
    case .isFolder: "name one of the files in it"
    case .noPermission: "change the permissions, or use another place"
    case .notRegular: "name it on the command line, where pipes are read, or copy it to a file"
    case .noMemory: "raise the memory limit of the process, or scale the picture down"
    case .emptyFile, .truncated: "copy or download the file again"
    case .fileTooLong: "check that this is a picture, or raise the limit with --max-input"
    case .unknownFormat:
      "convert it to one of \(ImageFormat.allCases.map(\.name).joined(separator: ", "))"
    case .otherKind(let kind): kind.remedy
    case .corrupt: "open and save it with another program, or get it again"
    case .tooLarge(let width, let height, let limits):
      max(width, height) <= limits.side && width * height <= DecodingLimits.highestPixels
        ? "scale the picture down, or raise the limit with --max-pixels \(width * height)"
        : "scale the picture down"
    case .tooManyScans: "save it again as a baseline JPEG"
    case .zeroSized: "get the file again, its header is unusable"
    case .unsupportedChannels:
      "write channels=3 or channels=1 in [net]; other inputs can be run through the library alone"
    case .unwritable(let error): error.remedy
    case .unknownExtension: "name the file .png or .jpg"
    case .tooLargeToEncode: "scale the picture down first"
    case .system: "check the disk and the path"
    }
  }
}
