import PenumbraSupport

/// Where the labels of an image are.
///
/// - Source: AlexeyAB's Darknet `utils.c` (`replace_image_to_label`): each of a few folder names is
///   replaced once, then the ending by `.txt`; and the original Darknet `data.c`, which replaces
///   `images` too, for data sets laid out as `images/` beside `labels/`.
public enum LabelPath {
  /// The places in the order in which they are looked at; none where the ending is not one that the
  /// rule knows.
  public static func candidates(for image: String) -> [String] {
    guard let first = alexeyAB(image) else { return [] }
    let second = original(image)
    return second == first || second == nil ? [first] : [first, second ?? first]
  }

  /// The file that is there, else the one that should be.
  static func existing(for image: String) -> (path: String, exists: Bool)? {
    let candidates = candidates(for: image)
    guard let first = candidates.first else { return nil }
    if let found = candidates.first(where: { PathKind($0) != .nothing }) { return (found, true) }
    return (first, false)
  }

  /// AlexeyAB's rule; nil for an ending it does not know.
  public static func alexeyAB(_ image: String) -> String? {
    let path = folders.reduce(Array(image.utf8)) { replacing($1.0, with: $1.1, in: $0) }
    return withTextEnding(String(decoding: path, as: UTF8.self).trimmedBlanks)
  }

  private static let folders: [([UInt8], [UInt8])] = [
    ("/images/train2017/", "/labels/train2017/"), ("/images/val2017/", "/labels/val2017/"),
    ("/JPEGImages/", "/labels/"), ("/images/train2014/", "/labels/train2014/"),
    ("/images/val2014/", "/labels/val2014/"),
  ].map { (Array($0.utf8), Array($1.utf8)) }

  /// The bytes with the first of some patterns, which begin with a slash, replaced.
  private static func replacing(
    _ pattern: [UInt8], with new: [UInt8], in bytes: [UInt8]
  ) -> [UInt8] {
    for start in bytes.indices
    where bytes[start] == pattern[0] && bytes[start...].starts(with: pattern) {
      return bytes[..<start] + new + bytes[(start + pattern.count)...]
    }
    return bytes
  }

  /// The original's rule, with whole folder names: a name that merely contains `images` stays.
  private static func original(_ image: String) -> String? {
    var folders = image.utf8.split(
      separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard
      let place = folders.dropLast().lastIndex(where: {
        $0.elementsEqual("images".utf8) || $0.elementsEqual("JPEGImages".utf8)
      })
    else { return nil }
    folders[place] = Substring("labels").utf8
    return withTextEnding(folders.map { String(Substring($0)) }.joined(separator: "/"))
  }

  /// Why an image may have no label file, for messages.
  static let endingRule =
    "its ending is none of jpg, jpeg, png, bmp, ppm and tiff, all in small or all in capital letters"

  private static let endings = ["jpg", "jpeg", "png", "bmp", "ppm", "tiff"].flatMap {
    ["." + $0, "." + $0.uppercased()]
  }

  private static func withTextEnding(_ path: String) -> String? {
    endings.first { path.hasSuffix($0) }.map { path.dropLast($0.count) + ".txt" }
  }
}
