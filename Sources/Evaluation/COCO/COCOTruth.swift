public import Foundation
import PenumbraSupport

/// A file of COCO's ground truth: images, categories, and the objects in the images.
///
/// Format: https://cocodataset.org/#format-data; keys that boxes do not need are passed over.
public struct COCOTruth: Hashable, Sendable {
  public struct Image: Hashable, Sendable, Codable {
    public let id: Int
    /// Pixels; nothing where the file says none, and then detections are not cut at the edges.
    public let width: Int?
    public let height: Int?
    public let fileName: String?

    enum CodingKeys: String, CodingKey {
      case id, width, height
      case fileName = "file_name"
    }
  }

  public struct Category: Hashable, Sendable, Codable {
    public let id: Int
    public let name: String?
  }

  public struct Annotation: Hashable, Sendable, Codable {
    public let id: Int?
    public let image: Int
    public let category: Int
    /// Left, top, width, height in pixels.
    public let box: [Double]
    /// The box's where nil.
    public let area: Double?
    /// 1 for a group of objects.
    public let isCrowd: Int?

    enum CodingKeys: String, CodingKey {
      case id, area
      case image = "image_id"
      case category = "category_id"
      case box = "bbox"
      case isCrowd = "iscrowd"
    }
  }

  /// The file, for messages.
  public let name: String
  public let images: [Image]
  /// Ascending; their places here are the classes.
  public let categories: [Category]
  public let annotations: [Annotation]

  private struct File: Decodable {
    let images: [Image]
    let categories: [Category]
    let annotations: [Annotation]
  }

  /// - Parameter name: what errors call the file.
  /// - Throws: `EvaluationError` where it is not such a file or contradicts itself.
  public init(json: Data, name: String) throws(EvaluationError) {
    let file = try COCOFile.decode(
      File.self, json, name, expected: "COCO's ground truth: images, categories and annotations")
    self.name = name
    images = file.images
    categories = file.categories.sorted { $0.id < $1.id }
    annotations = file.annotations
    try check()
  }

  public var classNames: [String] { categories.map { $0.name ?? "\($0.id)" } }

  private func check() throws(EvaluationError) {
    guard !images.isEmpty else { throw EvaluationError(.noImages, in: name) }
    guard !categories.isEmpty else { throw EvaluationError(.noClasses, in: name) }
    for (one, next) in zip(categories, categories.dropFirst()) where one.id == next.id {
      throw EvaluationError(.repeatedCategory(id: one.id), in: name)
    }
    var known: Set<Int> = []
    for image in images where !known.insert(image.id).inserted {
      throw EvaluationError(.repeatedImage(id: image.id), in: name)
    }
    let categories = Set(categories.map(\.id))
    for (index, annotation) in annotations.enumerated() {
      let what = "annotations[\(index)]"
      guard known.contains(annotation.image) else {
        throw EvaluationError(.unknownImage(id: annotation.image, what: what), in: name)
      }
      guard categories.contains(annotation.category) else {
        throw EvaluationError(.unknownCategory(id: annotation.category, what: what), in: name)
      }
      try COCOFile.check(annotation.box, [annotation.area ?? 0], what, name)
    }
  }
}

/// What COCO's files of truth and of results have in common.
enum COCOFile {
  static func decode<Value: Decodable>(
    _ type: Value.Type, _ json: Data, _ name: String, expected: String
  ) throws(EvaluationError) -> Value {
    do throws(JSONProblem) {
      return try JSON.decode(type, from: json)
    } catch {
      throw EvaluationError(
        .unreadable(problem: "this is not \(expected): \(error.text)"), in: name)
    }
  }

  static func check(
    _ box: [Double], _ others: [Double], _ what: String, _ name: String
  ) throws(EvaluationError) {
    guard box.count == 4 else {
      throw EvaluationError(
        .unreadable(problem: "\(what).bbox has \(box.count) numbers, expected 4"), in: name)
    }
    guard (box + others).allSatisfy(\.isFinite) else {
      throw EvaluationError(.notFinite(what: what), in: name)
    }
    guard box[2] >= 0, box[3] >= 0 else {
      throw EvaluationError(.negativeSize(what: what), in: name)
    }
  }
}

extension PixelRect {
  /// Left, top, width, height.
  init(coco box: [Double]) {
    self.init(left: box[0], top: box[1], width: box[2], height: box[3])
  }
}
