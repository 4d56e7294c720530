import PenumbraSupport

/// What a file of a folder is to somebody who looks for pictures in it.
public enum FolderEntry: Hashable, Sendable {
  case picture
  /// It shows something, and cannot be read.
  case foreign(ForeignFile)
  case other

  /// The endings of the formats that are read.
  public static let endings: Set = [
    "jpg", "jpeg", "png", "bmp", "gif", "tga", "ppm", "pgm", "pnm", "psd",
  ]

  /// Tells it by the name, and looks into files whose names say that they cannot be read: what they
  /// hold decides.
  public init(_ path: String) {
    let ending = path.fileExtension.lowercased()
    if Self.endings.contains(ending) {
      self = .picture
    } else if let named = ForeignFile(fileExtension: ending) {
      self = Self.looking(into: path) ?? .foreign(named)
    } else {
      self = .other
    }
  }

  private static func looking(into path: String) -> FolderEntry? {
    guard let start = fileStart(path, 512) else { return nil }
    // A TGA file has no signature to be sure of.
    if let format = ImageFormat(signatureOf: start), format != .tga { return .picture }
    return ForeignFile(signatureOf: start).flatMap { $0.isPicture ? .foreign($0) : nil }
  }
}

/// How many files of which kinds cannot be read.
public struct ForeignCount: Hashable, Sendable {
  private var counts: [ForeignFile: Int] = [:]

  public init() {}

  public var isEmpty: Bool { counts.isEmpty }

  public mutating func add(_ kind: ForeignFile) { counts[kind, default: 0] += 1 }

  public mutating func add(_ other: ForeignCount) {
    counts.merge(other.counts, uniquingKeysWith: +)
  }

  /// One line: `2 WebP and 1 TIFF files cannot be read; convert them to PNG or JPEG`.
  public var text: String {
    let parts = ForeignFile.allCases.compactMap { kind in counts[kind].map { "\($0) \(kind.name)" }
    }
    let list =
      parts.count > 1
      ? parts.dropLast().joined(separator: ", ") + " and " + parts[parts.count - 1] : parts.joined()
    let isOne = counts.values.reduce(0, +) == 1
    return
      "\(list) \(isOne ? "file" : "files") cannot be read; convert \(isOne ? "it" : "them") to "
      + (counts.keys.allSatisfy { $0 == .video } ? "pictures" : "PNG or JPEG")
  }
}
