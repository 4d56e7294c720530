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
    let folders = [
      ("/images/train2017/", "/labels/train2017/"), ("/images/val2017/", "/labels/val2017/"),
      ("/JPEGImages/", "/labels/"), ("/images/train2014/", "/labels/train2014/"),
      ("/images/val2014/", "/labels/val2014/"),
    ]
    let path = folders.reduce(image) { $0.replacing($1.0, with: $1.1, maxReplacements: 1) }
    return withTextEnding(path.trimmedBlanks)
  }

  /// The original's rule, with whole folder names: a name that merely contains `images` stays.
  private static func original(_ image: String) -> String? {
    var folders = image.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard
      let place = folders.dropLast().lastIndex(where: { ["images", "JPEGImages"].contains($0) })
    else { return nil }
    folders[place] = "labels"
    return withTextEnding(folders.joined(separator: "/"))
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
