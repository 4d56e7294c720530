import PenumbraImaging

/// How boxes are written down.
public enum AnnotationFormat: String, Hashable, Sendable, Codable, CaseIterable {
  /// A text file an image: class number, centre and size as shares.
  case yolo
  /// One JSON file: left, top, width and height in pixels.
  case coco
  /// An XML file an image: the first and last pixels, counted from 1.
  case voc
}

/// Images with their boxes in pixels, between one format and another.
public struct AnnotationSet: Sendable {
  public struct Object: Hashable, Sendable {
    public var classIndex: Int
    /// Pixels from the left edge of the image to that of the box.
    public var left, top, width, height: Double
    public var isDifficult = false
    public var isCrowd = false
  }

  public struct Image: Hashable, Sendable {
    /// Where the picture is, as far as anyone knows.
    public var path: String
    /// What formats call it: a path from a folder of pictures.
    public var name: String
    public var width, height: Int
    public var objects: [Object]

    var size: PictureSize { PictureSize(width: width, height: height) }
  }

  public var classNames: [String]
  public var images: [Image]
  /// What was left out while reading.
  public var faults: DataFaults
}

extension Double {
  /// With at most so many decimals, zeros at the end left out.
  func shortText(_ decimals: Int) -> String {
    let text = fixedText(decimals)
    // Numbers too large for decimals have an exponent, whose zeros count.
    guard text.contains("."), !text.contains("e") else { return text }
    let digits = text.reversed().drop { $0 == "0" }
    return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
  }

  /// With so many decimals, rounded.
  func fixedText(_ decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = (magnitude * scale).rounded()
    guard scaled < 0x1p62 else { return "\(self)" }
    let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
    let sign = self < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + "\(whole)" }
    let digits = String(part)
    return sign + "\(whole)." + String(repeating: "0", count: decimals - digits.count) + digits
  }

  /// As a share in a label: like `fixedText`, but what lies halfway between two texts is written as
  /// the upper one, whatever the last bits of the arithmetic that led there.
  func shareText(_ decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    let scaled = magnitude * scale
    let isHalfway = abs(scaled - scaled.rounded(.down) - 0.5) < 1e-6
    guard isHalfway else { return fixedText(decimals) }
    let upper = scaled.rounded(.up) / scale
    return (self < 0 ? -upper : upper).fixedText(decimals)
  }

  /// The nearest number with so many decimals.
  func rounded(decimals: Int) -> Double {
    let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
    return (self * scale).rounded() / scale
  }
}
