extension Image {
  /// The whole image inside `width × height`, in proportion, centered on grey (0.5).
  ///
  /// - Source: Darknet `image.c`, `letterbox_image`.
  public func letterboxed(width newWidth: Int, height newHeight: Int) -> Image {
    let place = Placement(
      imageWidth: width, imageHeight: height, networkWidth: newWidth, networkHeight: newHeight,
      letterbox: true)
    var boxed = Image(width: newWidth, height: newHeight, channels: channels, filledWith: 0.5)
    boxed.paste(
      resized(width: place.newWidth, height: place.newHeight), left: place.left, top: place.top)
    return boxed
  }

  /// Copies an image that fits over a part of this one.
  private mutating func paste(_ patch: Image, left: Int, top: Int) {
    let (width, height) = (self.width, self.height)
    pixels.withUnsafeMutableBufferPointer { target in
      patch.pixels.withUnsafeBufferPointer { source in
        for channel in 0..<patch.channels {
          for row in 0..<patch.height {
            let out = target.baseAddress! + (channel * height + top + row) * width + left
            out.update(
              from: source.baseAddress! + (channel * patch.height + row) * patch.width,
              count: patch.width)
          }
        }
      }
    }
  }
}
