extension Session {
  /// How the network wants pictures fitted: as the preset does, letterboxed where the cfg says so.
  public func preprocessing(preset: Preset = .alexeyab) -> Preprocessing {
    plan.graph.preprocessing(preset: preset)
  }

  /// Finds objects in one picture.
  ///
  /// - Parameter preprocessing: how the picture is fitted; as the network wants it by default.
  /// - Returns: boxes in pixels of `image`, most confident first.
  /// - Throws: `ImageError`, `DetectionError`, or `WeightsError` when a file changed in use.
  public mutating func detect(
    _ image: Image, options: DetectionOptions = DetectionOptions(),
    preprocessing: Preprocessing? = nil
  ) throws -> [Detection] {
    let preprocessing = preprocessing ?? self.preprocessing()
    let fit = try load(image, preprocessing)
    run(images: 1)
    try plan.checkFilesUnchanged()
    return try detections(fit: fit, options: options)
  }

  /// The same with a threshold alone.
  public mutating func detect(_ image: Image, threshold: Float) throws -> [Detection] {
    try detect(image, options: DetectionOptions(threshold: threshold))
  }

  /// Scores the classes for one picture, most probable first.
  ///
  /// - Throws: `ImageError`, `DetectionError`, or `WeightsError` when a file changed in use.
  public mutating func classify(
    _ image: Image, preprocessing: Preprocessing = .classifier(.alexeyab)
  ) throws -> [ClassScore] {
    _ = try load(image, preprocessing)
    run(images: 1)
    try plan.checkFilesUnchanged()
    return try scores()
  }

  /// Fits a picture into the network's input; `run` comes next.
  ///
  /// - Returns: what undoes the fitting on boxes.
  @discardableResult
  public mutating func load(
    _ image: Image, _ preprocessing: Preprocessing, at index: Int = 0
  ) throws -> ImageFit {
    let fitted = try plan.graph.fitted(image, preprocessing)
    load(fitted, at: index)
    return fitted.fit
  }

  /// Copies a fitted picture into the network's input; `run` comes next.
  public mutating func load(_ fitted: FittedImage, at index: Int = 0) {
    withInput(image: index) { _ = $0.update(fromContentsOf: fitted.input.pixels) }
  }
}

/// A picture at the size of a network's input, and what undoes the fitting on boxes.
public struct FittedImage: Sendable {
  public let input: Image
  public let fit: ImageFit
}

extension Graph {
  /// Fits a picture into this network's input. Needs no session, so another thread can do it ahead.
  public func fitted(
    _ image: Image, _ preprocessing: Preprocessing
  ) throws(ImageError) -> FittedImage {
    FittedImage(
      input: try prepare(
        image, width: net.input.width, height: net.input.height, channels: net.input.channels,
        preprocessing),
      fit: ImageFit(
        imageWidth: image.width, imageHeight: image.height, network: net.input,
        isLetterboxed: preprocessing.fit == .letterbox))
  }

  /// How this network wants pictures fitted: as the preset does, letterboxed where the cfg says so.
  public func preprocessing(
    preset: Preset = .alexeyab, orientation: OrientationMode = .apply
  ) -> Preprocessing {
    .detector(preset, letterBox: net.letterBox, orientation: orientation)
  }
}
