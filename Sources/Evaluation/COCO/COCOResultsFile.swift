public import Foundation

/// A file of COCO's results: a list of boxes.
///
/// Format: https://cocodataset.org/#format-results
public struct COCOResultsFile: Hashable, Sendable {
  public struct Result: Hashable, Sendable, Codable {
    public let image: Int
    public let category: Int
    /// Left, top, width, height in pixels.
    public let box: [Double]
    public let score: Double

    enum CodingKeys: String, CodingKey {
      case image = "image_id"
      case category = "category_id"
      case box = "bbox"
      case score
    }
  }

  /// The file, for messages.
  public let name: String
  public let results: [Result]

  /// - Parameter name: what errors call the file.
  /// - Throws: `EvaluationError` where it is not such a file.
  public init(json: Data, name: String) throws(EvaluationError) {
    self.name = name
    results = try COCOFile.decode(
      [Result].self, json, name,
      expected: "a list of COCO's results, each with image_id, category_id, bbox and score")
    for (index, result) in results.enumerated() {
      try COCOFile.check(result.box, [result.score], "[\(index)]", name)
    }
  }

  /// Detections as such a file has them, cut at the edges of their images.
  ///
  /// - Parameter categories: the number of each class.
  public init(_ images: [EvaluatedImage], categories: [Int], name: String = "") {
    self.name = name
    results = images.map(\.clipped).flatMap { image in
      image.detections.map { found in
        let rect = found.rect
        return Result(
          image: image.id, category: categories[found.classIndex],
          box: [rect.left, rect.top, rect.width, rect.height], score: found.confidence)
      }
    }
  }

  /// The text of the file, a result a line. Every number reads back as it was.
  public var json: String {
    let lines = results.map { result in
      "{\"image_id\":\(result.image),\"category_id\":\(result.category),\"bbox\":["
        + result.box.map { "\($0)" }.joined(separator: ",") + "],\"score\":\(result.score)}"
    }
    return "[\n" + lines.joined(separator: ",\n") + "\n]\n"
  }
}

extension COCOTruth {
  /// The images with what was found in them.
  ///
  /// - Returns: the images, and how many results belong to categories that the truth does not list;
  ///   these are left out, as pycocotools does.
  /// - Throws: `EvaluationError` for a result of an image that the truth does not list.
  public func evaluated(
    with results: COCOResultsFile
  ) throws(EvaluationError) -> (images: [EvaluatedImage], leftOut: Int) {
    let classes = Dictionary(uniqueKeysWithValues: zip(categories.map(\.id), categories.indices))
    let places = Dictionary(uniqueKeysWithValues: zip(images.map(\.id), images.indices))
    var evaluated = images.map { image in
      EvaluatedImage(
        id: image.id, name: image.fileName ?? "image \(image.id)", width: image.width ?? 0,
        height: image.height ?? 0, truths: [], detections: [])
    }
    for annotation in annotations {
      guard let image = places[annotation.image], let index = classes[annotation.category]
      else { continue }
      evaluated[image].truths.append(
        Truth(
          classIndex: index, rect: PixelRect(coco: annotation.box), area: annotation.area,
          isCrowd: annotation.isCrowd ?? 0 != 0))
    }
    var leftOut = 0
    for (number, result) in results.results.enumerated() {
      guard let image = places[result.image] else {
        throw EvaluationError(
          .unknownImage(id: result.image, what: "[\(number)]"), in: results.name)
      }
      guard let index = classes[result.category] else {
        leftOut += 1
        continue
      }
      evaluated[image].detections.append(
        ScoredRect(
          classIndex: index, rect: PixelRect(coco: result.box), confidence: result.score))
    }
    return (evaluated, leftOut)
  }
}
