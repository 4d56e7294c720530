import Foundation
import PenumbraCfg
import PenumbraImaging
import PenumbraSupport

/// The parts of COCO's `instances` files that hold boxes.
///
/// - Source: cocodataset.org, "Data format", 1 and 2.
private struct CocoFile: Codable {
  struct Info: Codable { let description: String }
  struct Image: Codable {
    let id: Int
    let fileName: String
    let width: Int?
    let height: Int?

    enum CodingKeys: String, CodingKey {
      case id, width, height
      case fileName = "file_name"
    }
  }
  struct Annotation: Codable {
    let id: Int?
    let imageID: Int
    let categoryID: Int
    /// Left, top, width and height in pixels.
    let bbox: [Double]?
    let area: Double?
    let iscrowd: Int?

    enum CodingKeys: String, CodingKey {
      case id, bbox, area, iscrowd
      case imageID = "image_id"
      case categoryID = "category_id"
    }
  }
  struct Category: Codable {
    let id: Int
    let name: String
  }
  var info: Info?
  let images: [Image]
  let annotations: [Annotation]
  let categories: [Category]
}

extension AnnotationSet {
  /// Reads a COCO file; classes are numbered in the order of their ids.
  ///
  /// - Parameter imagesFolder: from which pictures are named; that of the file by default. Pictures
  ///   are read only where the file does not state their size.
  /// - Throws: `DataError`.
  public init(
    coco path: String, imagesFolder: String? = nil, policy: FaultPolicy = .stop
  ) throws(DataError) {
    let file = try Self.decoded(path)
    let categories = file.categories.sorted { $0.id < $1.id }
    let classes = Dictionary(
      categories.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    guard classes.count == categories.count, !categories.isEmpty else {
      let detail =
        categories.isEmpty ? "the file names no categories" : "two categories have the same id"
      throw DataError(.badFormat(detail: detail), file: path)
    }
    var faults = FaultCollection(policy)
    var reader = CocoReader(path: path, folder: imagesFolder ?? Paths.folder(of: path))
    for image in file.images { try reader.add(image, &faults) }
    for annotation in file.annotations { try reader.add(annotation, classes, &faults) }
    guard !reader.images.isEmpty else {
      throw DataError(
        .noImages(UnusableImages(path, listed: file.images.count, faults: faults.faults)),
        file: path)
    }
    self.init(
      classNames: categories.map(\.name), images: reader.images, faults: faults.faults)
  }

  private static func decoded(_ path: String) throws(DataError) -> CocoFile {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, limit: 1 << 31) } catch {
      throw DataError(.unreadable(error), file: path)
    }
    do throws(JSONProblem) {
      return try JSON.decode(CocoFile.self, from: Data(bytes))
    } catch {
      throw DataError(.badFormat(detail: "this is no COCO file: \(error.text)"), file: path)
    }
  }

  /// A COCO file. Ids count from 1; `difficult`, which it cannot mark, is dropped.
  public func cocoFile(_ path: String) throws(DataError) -> ConvertedFile {
    let annotations = images.enumerated().flatMap { number, image in
      image.objects.map { (number + 1, $0) }
    }
    let file = CocoFile(
      info: .init(description: "Converted by penumbra data convert"),
      images: images.enumerated().map { number, image in
        .init(id: number + 1, fileName: image.name, width: image.width, height: image.height)
      },
      annotations: annotations.enumerated().map { number, annotation in
        let object = annotation.1
        let box = [object.left, object.top, object.width, object.height].map {
          $0.rounded(decimals: 9)
        }
        return .init(
          id: number + 1, imageID: annotation.0, categoryID: object.classIndex + 1, bbox: box,
          area: (object.width * object.height).rounded(decimals: 6),
          iscrowd: object.isCrowd ? 1 : 0)
      },
      categories: classNames.enumerated().map { .init(id: $0 + 1, name: $1) })
    guard let data = try? JSON.encoder().encode(file) else {
      throw DataError(.notFinite, file: path)
    }
    let text = String(decoding: data, as: UTF8.self).withInvisibleEscaped
    return ConvertedFile(path: path, content: .bytes(Array(text.utf8) + [10]))
  }
}

/// Collects images, then what is in them.
private struct CocoReader {
  let path: String
  let folder: String
  private(set) var images: [AnnotationSet.Image] = []
  private var places: [Int: Int] = [:]
  private var leftOut: Set<Int> = []

  init(path: String, folder: String) {
    self.path = path
    self.folder = folder
  }

  mutating func add(
    _ image: CocoFile.Image, _ faults: inout FaultCollection
  ) throws(DataError) {
    guard places[image.id] == nil, !leftOut.contains(image.id) else {
      return try faults.add(
        DataFault(
          .duplicateImage, file: path, "two images have the id \(image.id)", effect: .imageLeftOut))
    }
    guard Paths.leadsDown(image.fileName) else {
      leftOut.insert(image.id)
      return try faults.add(
        DataFault(
          .missingImage, file: path,
          "image \(image.id): 'file_name' must be a path from the folder of the pictures, without '..'",
          effect: .imageLeftOut))
    }
    let picture = Paths.join(folder, image.fileName)
    guard let size = try size(of: image, picture, &faults) else {
      leftOut.insert(image.id)
      return
    }
    places[image.id] = images.count
    images.append(
      .init(
        path: picture, name: image.fileName, width: size.width, height: size.height, objects: []))
  }

  private func size(
    of image: CocoFile.Image, _ picture: String, _ faults: inout FaultCollection
  ) throws(DataError) -> PictureSize? {
    if let size = AnnotationSet.statedSize(image.width, image.height) { return size }
    do throws(ImageError) { return try PictureSize(contentsOf: picture, source: .found) } catch {
      try faults.add(
        DataFault(.unreadableImage, file: picture, error.problem, effect: .imageLeftOut))
      return nil
    }
  }

  mutating func add(
    _ annotation: CocoFile.Annotation, _ classes: [Int: Int], _ faults: inout FaultCollection
  ) throws(DataError) {
    if leftOut.contains(annotation.imageID) { return }
    let name = annotation.id.map { "annotation \($0)" } ?? "an annotation"
    func fault(_ kind: DataFault.Kind, _ text: String) -> DataFault {
      DataFault(kind, file: path, "\(name): \(text)", effect: .boxLeftOut)
    }
    guard let place = places[annotation.imageID] else {
      return try faults.add(fault(.missingImage, "there is no image \(annotation.imageID)"))
    }
    guard let index = classes[annotation.categoryID] else {
      return try faults.add(
        fault(.classOutOfRange, "there is no category \(annotation.categoryID)"))
    }
    guard let box = annotation.bbox, box.count == 4 else {
      return try faults.add(fault(.unparsableLine, "'bbox' must have four numbers"))
    }
    let object = AnnotationSet.Object(
      classIndex: index, left: box[0], top: box[1], width: box[2], height: box[3],
      // As pycocotools has it.
      isCrowd: annotation.iscrowd ?? 0 != 0)
    if let wrong = object.fault(in: images[place].size) {
      return try faults.add(fault(wrong.kind, wrong.text))
    }
    images[place].objects.append(object)
  }
}
