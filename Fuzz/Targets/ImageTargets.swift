import Penumbra
import PenumbraImaging

extension FuzzTarget {
  /// A target for each format of pictures.
  static let images: [FuzzTarget] = ImageFormat.allCases.map { format in
    FuzzTarget(
      format.rawValue, dictionary: ImageSeeds.dictionary(format),
      seeds: ImageSeeds.files(format),
      accepts: { ImageFormat(signatureOf: $0) == format }, read: decoded)
  }

  private static let decoded: @Sendable ([UInt8]) throws -> Void = { bytes in
    var choices = Choices(of: bytes)
    let limits = DecodingLimits(side: 4096, pixels: 1 << 20, fileBytes: 1 << 24)
    let options = DecodingOptions(
      channels: choices.pick([1, 3]), orientation: choices.pick([.apply, .ignore]), limits: limits)
    let size = try? PictureSize(
      contentsOf: ScratchFiles.write(bytes, to: "picture"), orientation: options.orientation,
      limits: limits)
    let bitmap = try Bitmap(decoding: bytes, options: options)
    precondition(
      size == PictureSize(width: bitmap.width, height: bitmap.height),
      "the header says another size than the decoder")
    let fit = choices.pick(Fit.allCases)
    _ = try prepare(
      Image(bitmap), width: choices.int(1...40), height: choices.int(1...40),
      channels: options.channels, Preprocessing(preset: .alexeyab, fit: fit))
  }
}
