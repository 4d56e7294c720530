extension Session {
  /// How the network wants pictures fitted: as the preset does, letterboxed where the cfg says so.
  public func preprocessing(preset: Preset = .alexeyab) -> Preprocessing {
    .detector(preset, letterBox: plan.graph.net.letterBox)
  }

  /// Finds objects in one picture.
  ///
  /// - Parameter preprocessing: how the picture is fitted; as the network wants it by default.
  /// - Returns: boxes in pixels of `image`, most confident first.
  /// - Throws: `ImageError` or `DetectionError`.
  public mutating func detect(
    _ image: Image, options: DetectionOptions = DetectionOptions(),
    preprocessing: Preprocessing? = nil
  ) throws -> [Detection] {
    let preprocessing = preprocessing ?? self.preprocessing()
    let fit = try load(image, preprocessing)
    run(images: 1)
    return try detections(fit: fit, options: options)
  }

  /// The same with a threshold alone.
  public mutating func detect(_ image: Image, threshold: Float) throws -> [Detection] {
    try detect(image, options: DetectionOptions(threshold: threshold))
  }

  /// Scores the classes for one picture, most probable first.
  ///
  /// - Throws: `ImageError` or `DetectionError`.
  public mutating func classify(
    _ image: Image, preprocessing: Preprocessing = .classifier(.alexeyab)
  ) throws -> [ClassScore] {
    _ = try load(image, preprocessing)
    run(images: 1)
    return try scores()
  }

  /// Fits a picture into the network's input; `run` comes next.
  ///
  /// - Returns: what undoes the fitting on boxes.
  @discardableResult
  public mutating func load(
    _ image: Image, _ preprocessing: Preprocessing, at index: Int = 0
  ) throws -> ImageFit {
    let input = plan.graph.net.input
    let prepared = try prepare(
      image, width: input.width, height: input.height, channels: input.channels, preprocessing)
    withInput(image: index) { _ = $0.update(fromContentsOf: prepared.pixels) }
    return ImageFit(
      imageWidth: image.width, imageHeight: image.height, network: input,
      isLetterboxed: preprocessing.fit == .letterbox)
  }
}
