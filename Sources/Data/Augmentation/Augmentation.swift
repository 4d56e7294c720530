/// How pictures are changed at random before a network learns from them: Darknet's parameters.
///
/// - Source: Darknet `data.c`, `image.c`, `image_opencv.cpp`, `parser.c`.
public struct Augmentation: Hashable, Sendable, Codable {
  /// How several pictures become one, half of the time.
  public enum Mix: String, Hashable, Sendable, Codable, CaseIterable {
    case none
    /// Two pictures, each at half strength.
    case mixup
    /// A rectangle of a second picture; classifiers only.
    case cutmix
    /// Four pictures, one in each quadrant.
    case mosaic
    /// Either of the last two; mosaic for detectors.
    case cutmixOrMosaic = "cutmix-or-mosaic"
  }

  /// Mirror half of the pictures.
  public var flip = true
  /// Largest change of hue, in turns, either way.
  public var hue = 0.0
  /// Largest factor of saturation; its inverse is the least.
  public var saturation = 1.0
  /// Largest factor of brightness; its inverse is the least.
  public var exposure = 1.0
  public var mix = Mix.none
  /// Boxes of a mosaic end at the rim of their quadrant instead of the picture's.
  public var mosaicBound = false
  /// Detectors: 1 blurs the background in a third of the pictures, more also all of the picture in
  /// another third, with a kernel so large. Classifiers: a quarter of the pictures are blurred.
  public var blur = 0
  /// Standard deviation of noise in half of the pictures, in steps of 255; at most 127.
  public var gaussianNoise = 0

  // MARK: Detectors

  /// How far each edge of the cut moves either way, as a share of the picture.
  public var jitter = 0.2
  /// Largest change of scale; below 1 pictures only shrink.
  public var resize = 1.0
  /// Keep the picture's proportions.
  public var letterBox = false
  /// The most boxes of one picture.
  public var maxBoxes = 200

  // MARK: Classifiers

  /// Largest turn, in degrees, either way.
  public var angle = 0.0
  /// Largest change of proportions, a factor or its inverse.
  public var aspect = 1.0
  /// The length to which the shorter side is scaled, as multiples of the input's longer side.
  public var shortSide = 1.0...2.0
  /// Moves class targets away from 0 and 1.
  public var labelSmoothing = 0.0

  /// Darknet's defaults.
  public init() {}

  /// Nothing changes at random but what is set afterwards.
  public static var none: Augmentation {
    var none = Augmentation()
    none.flip = false
    none.jitter = 0
    none.shortSide = 1...1
    return none
  }
}
