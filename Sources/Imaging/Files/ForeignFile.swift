import PenumbraSupport

/// What is often found where a picture is expected, and cannot be read.
public enum ForeignFile: String, Sendable, Hashable, Codable, CaseIterable {
  case webp, tiff, heif, avif, jpegXL, jpeg2000, rawPhotograph, radiance, openEXR, svg, icon
  case otherPNM, video, pdf, archive, webPage, lfsPointer

  /// What people call such files, for a sentence or a count.
  public var name: String {
    switch self {
    case .webp: "WebP"
    case .tiff: "TIFF"
    case .heif: "HEIC"
    case .avif: "AVIF"
    case .jpegXL: "JPEG XL"
    case .jpeg2000: "JPEG 2000"
    case .rawPhotograph: "raw photograph"
    case .radiance: "Radiance HDR"
    case .openEXR: "OpenEXR"
    case .svg: "SVG"
    case .icon: "icon"
    case .otherPNM: "PBM, PAM or plain PNM"
    case .video: "video"
    case .pdf: "PDF"
    case .archive: "archive"
    case .webPage: "web page"
    case .lfsPointer: "Git LFS pointer"
    }
  }

  /// Whether it shows something, so that a folder of pictures may be meant to include it.
  public var isPicture: Bool {
    switch self {
    case .pdf, .archive, .webPage, .lfsPointer: false
    default: true
    }
  }

  var problem: String {
    switch self {
    case .webPage: "this is a web page, expected a picture"
    case .lfsPointer: "this is a Git LFS pointer, the picture itself was not downloaded"
    case .video: "this is a video, expected a picture"
    default: "this is a file of the kind \(name), which cannot be read"
    }
  }

  var remedy: String {
    switch self {
    case .webPage: "download the picture itself, a server has sent a page in its place"
    case .lfsPointer: "run 'git lfs pull' where the file came from"
    case .video: "save its frames first, as with 'ffmpeg -i VIDEO frame_%06d.png'"
    case .archive: "unpack it first, where it holds pictures"
    default: "convert it to PNG or JPEG"
    }
  }
}

// MARK: By its first bytes

extension ForeignFile {
  /// Tells the kind from the first bytes; 512 are enough.
  public init?(signatureOf bytes: [UInt8]) {
    let start = bytes.prefix(512)
    if let known = Self.signatures.first(where: { start.starts(with: $0.bytes) }) {
      self = known.kind
    } else if start.starts(with: "RIFF".utf8), start.count >= 12 {
      guard let kind = Self.riffKinds[String(decoding: start[8..<12], as: UTF8.self)] else {
        return nil
      }
      self = kind
    } else if start.count >= 12, start[4..<8].elementsEqual("ftyp".utf8) {
      self = Self.kind(ofBrand: String(decoding: start[8..<12], as: UTF8.self))
    } else if let kind = Self.kind(ofText: start) {
      self = kind
    } else {
      return nil
    }
  }

  private static let riffKinds: [String: ForeignFile] = ["WEBP": .webp, "AVI ": .video]

  private static let signatures: [(kind: ForeignFile, bytes: [UInt8])] = [
    (.rawPhotograph, Array("II*\0\u{10}\0\0\0CR".utf8)), (.tiff, Array("II*\0".utf8)),
    (.tiff, Array("MM\0*".utf8)), (.tiff, Array("II+\0".utf8)), (.tiff, Array("MM\0+".utf8)),
    (.rawPhotograph, Array("IIU\0".utf8)), (.rawPhotograph, Array("IIRO".utf8)),
    (.rawPhotograph, Array("FUJIFILMCCD-RAW".utf8)),
    (.jpegXL, [0xFF, 0x0A]), (.jpegXL, [0, 0, 0, 12] + Array("JXL ".utf8)),
    (.jpeg2000, [0, 0, 0, 12] + Array("jP  ".utf8)), (.jpeg2000, [0xFF, 0x4F, 0xFF, 0x51]),
    (.radiance, Array("#?RADIANCE".utf8)), (.radiance, Array("#?RGBE".utf8)),
    (.openEXR, [0x76, 0x2F, 0x31, 0x01]), (.icon, [0, 0, 1, 0]),
    (.otherPNM, Array("P1".utf8)), (.otherPNM, Array("P2".utf8)), (.otherPNM, Array("P3".utf8)),
    (.otherPNM, Array("P4".utf8)), (.otherPNM, Array("P7".utf8)),
    (.video, [0x1A, 0x45, 0xDF, 0xA3]), (.video, [0, 0, 1, 0xBA]), (.video, [0, 0, 1, 0xB3]),
    (.video, Array("FLV\u{1}".utf8)), (.pdf, Array("%PDF-".utf8)),
    (.archive, Array("PK\u{3}\u{4}".utf8)), (.archive, [0x1F, 0x8B]),
    (.archive, [0x37, 0x7A, 0xBC, 0xAF]), (.archive, Array("Rar!".utf8)),
    (.lfsPointer, Array("version https://git-lfs".utf8)),
  ]

  /// Of an ISO base media file.
  private static func kind(ofBrand brand: String) -> ForeignFile {
    switch brand {
    case "avif", "avis": .avif
    case "heic", "heix", "hevc", "heim", "heis", "mif1", "msf1": .heif
    case "crx ": .rawPhotograph
    default: .video
    }
  }

  private static func kind(ofText start: ArraySlice<UInt8>) -> ForeignFile? {
    let text = start.starts(with: [0xEF, 0xBB, 0xBF]) ? start.dropFirst(3) : start
    let words = String(decoding: text, as: UTF8.self).lowercased().drop { $0.isWhitespace }
    if words.hasPrefix("<!doctype html") || words.hasPrefix("<html") { return .webPage }
    guard words.hasPrefix("<?xml") || words.hasPrefix("<svg") else { return nil }
    if words.contains("<svg") { return .svg }
    return words.contains("<html") || words.contains("<!doctype html") ? .webPage : nil
  }
}

// MARK: By its name

extension ForeignFile {
  /// The kind that files of such a name usually are; nil for a name that says nothing of pictures.
  public init?(fileExtension ending: String) {
    switch ending.lowercased() {
    case "webp": self = .webp
    case "tif", "tiff": self = .tiff
    case "heic", "heif", "hif": self = .heif
    case "avif": self = .avif
    case "jxl": self = .jpegXL
    case "jp2", "j2k", "jpf", "jpx", "j2c", "jpc": self = .jpeg2000
    case "dng", "raw", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "pef", "srw":
      self = .rawPhotograph
    case "hdr": self = .radiance
    case "exr": self = .openEXR
    case "svg": self = .svg
    case "ico": self = .icon
    case "pbm", "pam": self = .otherPNM
    case "mp4", "mov", "m4v", "avi", "mkv", "webm", "mpg", "mpeg", "wmv", "flv", "3gp":
      self = .video
    default: return nil
    }
  }
}

extension ImageError.Reason {
  /// What to say about a file that no decoder knows.
  static func unknown(_ file: [UInt8]) -> Self {
    // Some models are archives, which nobody should unpack.
    if case .model? = FileKind(file.prefix(FileKind.length)) { return .unknownFormat }
    return ForeignFile(signatureOf: file).map(Self.otherKind) ?? .unknownFormat
  }
}
