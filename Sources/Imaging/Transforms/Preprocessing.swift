/// What was done to a picture before the network saw it; part of every result.
public struct Preprocessing: Sendable, Hashable, Codable {
  public var preset: Preset
  public var fit: Fit
  public var orientation: OrientationMode

  public init(preset: Preset, fit: Fit, orientation: OrientationMode = .apply) {
    self.preset = preset
    self.fit = fit
    self.orientation = orientation
  }

  /// For a detector; `letterBox` is the key of `[net]`.
  public static func detector(
    _ preset: Preset, letterBox: Bool = false, orientation: OrientationMode = .apply
  ) -> Preprocessing {
    Preprocessing(
      preset: preset, fit: preset.detectorFit(letterBox: letterBox), orientation: orientation)
  }

  /// For a classifier.
  public static func classifier(
    _ preset: Preset, orientation: OrientationMode = .apply
  ) -> Preprocessing {
    Preprocessing(preset: preset, fit: preset.classifierFit, orientation: orientation)
  }

  /// Where the picture ends up; nil for a center crop, from which no box is mapped back.
  public func placement(
    imageWidth: Int, imageHeight: Int, networkWidth: Int, networkHeight: Int
  ) -> Placement? {
    fit == .centerCrop
      ? nil
      : Placement(
        imageWidth: imageWidth, imageHeight: imageHeight, networkWidth: networkWidth,
        networkHeight: networkHeight, letterbox: fit == .letterbox)
  }
}

/// The network input for a picture: `channels × height × width`, values 0 to 1.
///
/// The orientation has been dealt with in decoding, see `DecodingOptions`.
/// - Throws: `ImageError.Reason.unsupportedChannels` if the picture cannot have that many.
public func prepare(
  _ image: Image, width: Int, height: Int, channels: Int, _ preprocessing: Preprocessing
) throws(ImageError) -> Image {
  let image = try image.converted(toChannels: channels)
  return switch preprocessing.fit {
  case .stretch: image.resized(width: width, height: height)
  case .letterbox: image.letterboxed(width: width, height: height)
  case .centerCrop: image.centerCropped(width: width, height: height)
  }
}
