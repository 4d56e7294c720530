import CStb
import PenumbraSupport

extension Bitmap {
  /// Reads and decodes a file: the first frame of a GIF, 16-bit samples cut to 8 bits.
  public init(
    contentsOf path: String, options: DecodingOptions = DecodingOptions()
  ) throws(ImageError) {
    let bytes = try readPicture(path, options)
    try self.init(decoding: bytes, options: options, name: path)
  }

  /// Decodes a file held in memory; `name` stands for it in errors.
  public init(
    decoding file: [UInt8], options: DecodingOptions = DecodingOptions(), name: String = "image"
  ) throws(ImageError) {
    guard options.channels == 1 || options.channels == 3 else {
      throw ImageError(.unsupportedChannels(found: 3, wanted: options.channels), path: name)
    }
    switch decode(file, options) {
    case .success(let stored):
      let orientation = options.orientation == .apply ? Orientation(exifOf: file) : .upright
      guard orientation == .upright || canAllocate(stored.bytes.count) else {
        throw ImageError(.noMemory(bytes: stored.bytes.count), path: name)
      }
      self = stored.oriented(orientation)
    case .failure(let failure):
      throw ImageError(failure.reason, path: name)
    }
  }
}

extension Image {
  /// Reads and decodes a file straight into planes.
  public init(
    contentsOf path: String, options: DecodingOptions = DecodingOptions()
  ) throws(ImageError) {
    try self.init(Bitmap(contentsOf: path, options: options), name: path)
  }

  /// The planes of a bitmap, which take four times its memory; `name` is that of the file in errors.
  ///
  /// - Throws: `ImageError.Reason.noMemory`.
  public init(_ bitmap: Bitmap, name: String) throws(ImageError) {
    let bytes = bitmap.bytes.count * MemoryLayout<Float>.stride
    guard canAllocate(bytes) else { throw ImageError(.noMemory(bytes: bytes), path: name) }
    self.init(bitmap)
  }
}

/// A reason before it is known which file it belongs to.
private struct DecodingFailure: Error {
  let reason: ImageError.Reason

  init(_ reason: ImageError.Reason) { self.reason = reason }
}

private func decode(
  _ file: [UInt8], _ options: DecodingOptions
) -> Result<Bitmap, DecodingFailure> {
  if file.isEmpty { return .failure(DecodingFailure(.emptyFile)) }
  guard let format = ImageFormat(signatureOf: file) else {
    return .failure(DecodingFailure(.unknown(file)))
  }
  let segments = format == .jpeg ? JPEGSegments(file) : nil
  let chunks = format == .png ? PNGChunks(file) : nil
  if let damage = segments?.damage ?? chunks?.damage {
    return .failure(DecodingFailure(.corrupt(format: format, detail: damage)))
  }
  return file.withUnsafeBufferPointer { file in
    if format == .pnm { return decodePNM(file, options) }
    switch decoderMemory(file, format, options.limits, scans: segments?.scans ?? 0) {
    case .success(let memory): return pixels(of: file, memory, options)
    case .failure(let problem): return .failure(problem)
    }
  }
}

/// What decoding may take, or what the header alone forbids, asked before any pixel is allocated.
private func decoderMemory(
  _ file: UnsafeBufferPointer<UInt8>, _ format: ImageFormat, _ limits: DecodingLimits, scans: Int
) -> Result<DecoderMemory, DecodingFailure> {
  var header = CStbOutcome()
  // The decoder refuses large PNG files without saying how large they are.
  let stated = format == .png ? pngSize(file) : nil
  if stated == nil, !cstb_measure(file.baseAddress!, file.count, &header) {
    return .failure(DecodingFailure(header.failure(format)))
  }
  let (width, height) = stated ?? (Int(header.width), Int(header.height))
  if let problem = sizeProblem(width, height, format, limits) {
    return .failure(DecodingFailure(problem))
  }
  guard limits.allow(scans: scans, width: width, height: height) else {
    return .failure(DecodingFailure(.tooManyScans(found: scans, limits: limits)))
  }
  let memory = DecoderMemory(format: format, width: width, height: height, file: file)
  return memory.isLongEnough
    ? .success(memory) : .failure(DecodingFailure(.truncated(format: format)))
}

private func sizeProblem(
  _ width: Int, _ height: Int, _ format: ImageFormat, _ limits: DecodingLimits
) -> ImageError.Reason? {
  if width <= 0 || height <= 0 { return .zeroSized(format: format) }
  return limits.allow(width: width, height: height)
    ? nil : .tooLarge(width: width, height: height, limits: limits)
}

private func decodePNM(
  _ file: UnsafeBufferPointer<UInt8>, _ options: DecodingOptions
) -> Result<Bitmap, DecodingFailure> {
  var isShort = false
  guard let header = PNM(file, isShort: &isShort) else {
    return .failure(
      DecodingFailure(
        isShort ? .truncated(format: .pnm) : .corrupt(format: .pnm, detail: "bad header")))
  }
  if let problem = sizeProblem(header.width, header.height, .pnm, options.limits) {
    return .failure(DecodingFailure(problem))
  }
  guard header.isComplete(file) else {
    return .failure(DecodingFailure(.truncated(format: .pnm)))
  }
  // The samples as stored, and with other channels.
  let bytes = 4 * header.width * header.height
  return canAllocate(bytes)
    ? .success(header.bitmap(file, channels: options.channels))
    : .failure(DecodingFailure(.noMemory(bytes: bytes)))
}

/// The size in the `IHDR` chunk, which comes first.
func pngSize(_ file: UnsafeBufferPointer<UInt8>) -> (width: Int, height: Int)? {
  guard file.count >= 24 else { return nil }
  let width = file[16..<20].reduce(0) { $0 << 8 | Int($1) }
  let height = file[20..<24].reduce(0) { $0 << 8 | Int($1) }
  return (width, height)
}

private func pixels(
  of file: UnsafeBufferPointer<UInt8>, _ memory: DecoderMemory, _ options: DecodingOptions
) -> Result<Bitmap, DecodingFailure> {
  var outcome = CStbOutcome()
  let decoded = cstb_decode(
    file.baseAddress!, file.count, Int32(options.channels), memory.limits, &outcome)
  guard let decoded else {
    return .failure(DecodingFailure(outcome.failure(memory.format, memory.limits)))
  }
  defer { cstb_free(decoded) }
  if outcome.ran_short { return .failure(DecodingFailure(.truncated(format: memory.format))) }
  let (width, height) = (Int(outcome.width), Int(outcome.height))
  let bytes = UnsafeBufferPointer(start: decoded, count: width * height * options.channels)
  guard canAllocate(bytes.count) else {
    return .failure(DecodingFailure(.noMemory(bytes: bytes.count)))
  }
  return .success(
    Bitmap(width: width, height: height, channels: options.channels, bytes: Array(bytes)))
}

extension CStbOutcome {
  /// The decoder's short reason, sorted into ours.
  ///
  /// Reading past the end comes first: whatever the decoder found there, it was not in the file.
  func failure(
    _ format: ImageFormat, _ limits: CStbMemory = CStbMemory(total: 0, growing: 0)
  ) -> ImageError.Reason {
    if ran_short { return .truncated(format: format) }
    switch memory {
    case .noMemory: return .noMemory(bytes: limits.total)
    case .beyondBudget, .growsTooFar:
      return .corrupt(format: format, detail: "it holds more data than its picture needs")
    case .sufficient: break
    }
    let detail = reason.map { String(cString: $0) } ?? "no reason given"
    switch detail {
    case "0-pixel image", "0 width", "no header height":
      return .zeroSized(format: format)
    default:
      return .corrupt(format: format, detail: detail)
    }
  }
}
