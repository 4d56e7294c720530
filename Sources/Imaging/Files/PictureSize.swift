import CStb
public import PenumbraSupport

/// How large a picture is, by its header alone.
public struct PictureSize: Hashable, Sendable, Codable {
  public let width: Int
  public let height: Int

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// Reads a file and decodes no pixel; what comes after the header may be damaged.
  ///
  /// - Parameters:
  ///   - orientation: whether the note of the file rotates the picture, as in decoding.
  ///   - source: whether pipes and devices are read.
  public init(
    contentsOf path: String, orientation: OrientationMode = .apply,
    limits: DecodingLimits = DecodingLimits(), source: FileSource = .named
  ) throws(ImageError) {
    let bytes = try readPicture(path, limitBytes: limits.fileBytes, from: source)
    switch Self.stated(bytes) {
    case .failure(let failure): throw ImageError(failure.reason, path: path)
    case .success(let size):
      guard size.width > 0, size.height > 0 else {
        throw ImageError(.zeroSized(format: ImageFormat(signatureOf: bytes) ?? .png), path: path)
      }
      let turns = orientation == .apply && Orientation(exifOf: bytes).swapsAxes
      self = turns ? PictureSize(width: size.height, height: size.width) : size
    }
  }

  private struct Failure: Error { let reason: ImageError.Reason }

  private static func stated(_ file: [UInt8]) -> Result<PictureSize, Failure> {
    if file.isEmpty { return .failure(Failure(reason: .emptyFile)) }
    guard let format = ImageFormat(signatureOf: file) else {
      return .failure(Failure(reason: .unknown(file)))
    }
    // The header is read past the tables of a JPEG file.
    if format == .jpeg, let damage = JPEGSegments(file).damage {
      return .failure(Failure(reason: .corrupt(format: .jpeg, detail: damage)))
    }
    return file.withUnsafeBufferPointer { file in
      var isShort = false
      if format == .pnm {
        return PNM(file, isShort: &isShort).map {
          .success(PictureSize(width: $0.width, height: $0.height))
        } ?? .failure(Failure(reason: .truncated(format: .pnm)))
      }
      if format == .png, let size = pngSize(file) {
        return .success(PictureSize(width: size.width, height: size.height))
      }
      var header = CStbOutcome()
      guard cstb_measure(file.baseAddress!, file.count, &header) else {
        return .failure(Failure(reason: header.failure(format)))
      }
      return .success(PictureSize(width: Int(header.width), height: Int(header.height)))
    }
  }
}
