import CPixels
import PenumbraImaging

/// A decoded picture and its mean colour.
struct Picture: Sendable {
  let bitmap: Bitmap
  /// 0 to 255 a channel; three numbers whatever the channels.
  let mean: [Float]

  init(_ bitmap: Bitmap) {
    self.bitmap = bitmap
    var means = [0.0, 0.0, 0.0]
    unsafe bitmap.bytes.withUnsafeBufferPointer { bytes in
      unsafe means.withUnsafeMutableBufferPointer { means in
        guard let from = bytes.baseAddress, let to = means.baseAddress else { return }
        unsafe pixels_mean(from, bitmap.width * bitmap.height, Int32(bitmap.channels), to)
      }
    }
    mean = means.map { Float($0) }
  }
}

/// A change of colour that was drawn.
struct ColourChange: Hashable {
  var hue = 0.0
  var saturation = 1.0
  var exposure = 1.0

  static let none = ColourChange()

  init() {}

  /// - Source: Darknet `data.c`: hue either way, the others by `rand_scale`.
  init(_ augmentation: Augmentation, _ dice: inout Dice) {
    hue = dice.uniform(-augmentation.hue, augmentation.hue)
    saturation = dice.factor(augmentation.saturation)
    exposure = dice.factor(augmentation.exposure)
  }
}

/// Where output pixels come from: an affine map, and the cut whose edge is not crossed.
struct PixelMap: Hashable {
  /// The source position of the centre of output pixel (0, 0); source pixel (0, 0) is centred at 0.
  var x, y: Double
  var xPerColumn, xPerRow: Double
  var yPerColumn, yPerRow: Double
  /// The cut in source pixels, ends excluded.
  var columns: Range<Int>
  var rows: Range<Int>
}

/// A rectangle of an output, in its pixels.
struct PixelArea: Hashable {
  var columns: Range<Int>
  var rows: Range<Int>
}

/// An image being drawn from pictures.
struct PictureCanvas {
  private(set) var image: Image

  init(width: Int, height: Int, channels: Int) {
    image = Image(width: width, height: height, channels: channels, filledWith: 0)
  }

  /// Draws a picture.
  ///
  /// - Parameters:
  ///   - area: what is written; all by default.
  ///   - corner: which pixel of the map's output the corner of `area` is; its own by default.
  ///   - fill: what lies around the picture, 0 to 255; its mean colour by default.
  ///   - weight: factor of what is written.
  ///   - adds: adds to what is there instead of replacing it.
  /// - Precondition: the channels are those of the picture.
  mutating func draw(
    _ picture: Picture, _ map: PixelMap, _ colour: ColourChange, area: PixelArea? = nil,
    corner: (column: Int, row: Int)? = nil, fill: [Float]? = nil, weight: Float = 1,
    adds: Bool = false
  ) {
    let bitmap = picture.bitmap
    precondition(bitmap.channels == image.channels, "channels differ")
    let area = area ?? PixelArea(columns: 0..<image.width, rows: 0..<image.height)
    guard !area.columns.isEmpty, !area.rows.isEmpty else { return }
    let corner = corner ?? (area.columns.lowerBound, area.rows.lowerBound)
    let around = fill ?? picture.mean
    var view = PixelsView(
      x: map.x, y: map.y, x_per_column: map.xPerColumn, x_per_row: map.xPerRow,
      y_per_column: map.yPerColumn, y_per_row: map.yPerRow, left: Int32(map.columns.lowerBound),
      top: Int32(map.rows.lowerBound), right: Int32(map.columns.upperBound),
      bottom: Int32(map.rows.upperBound))
    var change = PixelsColour(
      hue: Float(colour.hue), saturation: Float(colour.saturation),
      exposure: Float(colour.exposure))
    let (width, height) = (Int32(image.width), Int32(image.height))
    unsafe bitmap.bytes.withUnsafeBufferPointer { bytes in
      unsafe image.pixels.withUnsafeMutableBufferPointer { planes in
        guard let from = bytes.baseAddress, let to = planes.baseAddress else { return }
        var source = unsafe PixelsPicture(
          bytes: from, width: Int32(bitmap.width), height: Int32(bitmap.height),
          channels: Int32(bitmap.channels), fill: (around[0], around[1], around[2]))
        var target = unsafe PixelsTarget(
          planes: to, width: width, height: height, left: Int32(area.columns.lowerBound),
          top: Int32(area.rows.lowerBound), right: Int32(area.columns.upperBound),
          bottom: Int32(area.rows.upperBound), view_left: Int32(corner.column),
          view_top: Int32(corner.row), weight: weight, adds: adds)
        unsafe withUnsafeTemporaryAllocation(
          of: Float.self, capacity: pixels_scratch_floats(Int32(area.columns.count))
        ) { scratch in
          guard let scratch = scratch.baseAddress else { return }
          unsafe pixels_draw(&source, &view, &change, &target, scratch)
        }
      }
    }
  }

  /// Blurs everything but the boxes of the given areas.
  ///
  /// - Source: OpenCV's `GaussianBlur` with a deviation of `0.3 ((size - 1) / 2 - 1) + 0.8`.
  mutating func blur(kernel size: Int, except sharp: [PixelArea] = []) {
    let radius = max(size, 3) / 2
    let deviation = 0.3 * (Double(radius) - 1) + 0.8
    let weights = gaussian(radius: radius, deviation: deviation)
    let original = image
    let (width, height) = (image.width, image.height)
    var scratch = [Float](repeating: 0, count: width * height)
    unsafe image.pixels.withUnsafeMutableBufferPointer { planes in
      for channel in 0..<original.channels {
        guard let plane = planes.baseAddress else { return }
        unsafe pixels_blur(
          plane + channel * width * height, Int32(width), Int32(height), weights, Int32(radius),
          &scratch)
      }
    }
    for area in sharp {
      for channel in 0..<original.channels {
        for row in area.rows.clamped(to: 0..<height) {
          let first = (channel * height + row) * width
          let columns = area.columns.clamped(to: 0..<width)
          let range = first + columns.lowerBound..<first + columns.upperBound
          image.pixels.replaceSubrange(range, with: original.pixels[range])
        }
      }
    }
  }

  /// Adds noise of a deviation in shares of full brightness.
  mutating func addNoise(deviation: Float, seed: UInt64) {
    unsafe image.pixels.withUnsafeMutableBufferPointer { values in
      guard let first = values.baseAddress else { return }
      unsafe pixels_noise(first, values.count, deviation, seed)
    }
  }
}

/// Weights that sum to 1.
private func gaussian(radius: Int, deviation: Double) -> [Float] {
  let weights = (-radius...radius).map {
    exponential(-Double($0 * $0) / (2 * deviation * deviation))
  }
  let sum = weights.reduce(0, +)
  return weights.map { Float($0 / sum) }
}
