import CStb
package import PenumbraSupport

/// The file formats that can be written.
public enum EncodedFormat: Sendable, Hashable {
  case png
  /// `quality` from 1 to 100, others are clamped.
  case jpeg(quality: Int)

  /// Chosen by the extension of a path: `.png`, `.jpg` or `.jpeg`, in any case.
  ///
  /// - Throws: `ImageError.Reason.unknownExtension`.
  public init(path: String, jpegQuality: Int = 92) throws(ImageError) {
    let name = path.split(separator: "/").last ?? ""
    let suffix = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
    switch suffix {
    case "png": self = .png
    case "jpg", "jpeg": self = .jpeg(quality: jpegQuality)
    default: throw ImageError(.unknownExtension(suffix ?? ""), path: path)
    }
  }
}

extension Bitmap {
  /// The bytes of a file; `name` stands for it in errors.
  public func encoded(
    as format: EncodedFormat, name: String = "image"
  ) throws(ImageError) -> [UInt8] {
    // The encoder counts in 32 bits and doubles its buffers; a JPEG cannot state a longer side.
    let longestSide = format == .png ? Int(Int32.max) : 65535
    guard (width * channels + 1) * height <= 1 << 29, max(width, height) <= longestSide else {
      throw ImageError(.tooLargeToEncode(width: width, height: height), path: name)
    }
    guard let file = encode(format) else {
      throw ImageError(.system(operation: "encoding", message: "out of memory"), path: name)
    }
    return file
  }

  /// Writes a PNG or JPEG file, chosen by the extension; an existing file is replaced at once.
  public func write(to path: String, jpegQuality: Int = 92) throws(ImageError) {
    try write(to: path, jpegQuality: jpegQuality, durability: .disk)
  }

  /// The same for one file of many.
  package func write(
    to path: String, jpegQuality: Int = 92, durability: AtomicFile.Durability
  ) throws(ImageError) {
    let format = try EncodedFormat(path: path, jpegQuality: jpegQuality)
    try writeFile(try encoded(as: format, name: path), to: path, durability: durability)
  }

  private func encode(_ format: EncodedFormat) -> [UInt8]? {
    let collect: CStbSink = { context, bytes, length in
      context.assumingMemoryBound(to: [UInt8].self).pointee.append(
        contentsOf: UnsafeRawBufferPointer(start: bytes, count: Int(length)))
    }
    let (w, h, c) = (Int32(width), Int32(height), Int32(channels))
    var file: [UInt8] = []
    let isDone = withUnsafeMutablePointer(to: &file) { target in
      switch format {
      case .png:
        cstb_encode_png(collect, target, w, h, c, bytes)
      case .jpeg(let quality):
        cstb_encode_jpeg(collect, target, w, h, c, bytes, Int32(min(max(quality, 1), 100)))
      }
    }
    return isDone ? file : nil
  }
}
