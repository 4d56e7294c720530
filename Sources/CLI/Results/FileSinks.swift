import Foundation
import Penumbra
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// Names for files made of pictures, no two of them the same.
struct FreshNames {
  private var taken: Set<String> = []

  /// A path with this ending; where a picture already has it, with `-2`, `-3` and so on before it.
  ///
  /// Letters count as the same in either case, as on some disks they are.
  mutating func path(_ stem: String, _ ending: String) -> String {
    var (path, number) = (stem + "." + ending, 1)
    while !taken.insert(path.lowercased()).inserted {
      number += 1
      path = "\(stem)-\(number).\(ending)"
    }
    if number > 1 { standardError("note: \(stem).\(ending) is taken, writing \(path)") }
    return path
  }
}

/// Pictures with their boxes, in a folder.
struct AnnotatingSink: ResultSink {
  private let folder: String
  private let names: ClassNames
  private var files = FreshNames()

  /// - Throws: `InputError` when a picture lies in that folder and would be overwritten.
  init(folder: String, pictures: [String], names: ClassNames) throws {
    self.folder = folder
    self.names = names
    try Output.makeFolder(folder)
    let place = realPath(folder)
    var known: [String: Bool] = [:]
    for picture in pictures {
      let home = picture.folderName
      let isHere = known[home] ?? (realPath(home) == place)
      known[home] = isHere
      if isHere {
        throw InputError(
          "\(picture): the annotated picture would overwrite it",
          help: "give --annotate another folder than that of the pictures")
      }
    }
  }

  mutating func add(_ picture: PictureResult<[Detection]>) throws {
    guard case .success(let seen) = picture.outcome, let bitmap = seen.bitmap else { return }
    let ending = picture.path.fileExtension
    let isKept = ["png", "jpg", "jpeg"].contains(ending.lowercased())
    let path = files.path(
      folder + "/" + picture.path.fileName.withoutExtension, isKept ? ending : "png")
    guard realPath(path) != realPath(picture.path) else {
      throw InputError(
        "\(picture.path): the annotated picture would overwrite it",
        help: "give --annotate another folder than that of the pictures")
    }
    try annotated(bitmap, seen.found, names).write(to: path)
  }

  /// The path without links; as it is where nothing is there.
  private func realPath(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }
}

/// A picture with boxes drawn on it.
func annotated(_ bitmap: Bitmap, _ detections: [Detection], _ names: ClassNames) -> Bitmap {
  let annotations = detections.filter { !names.isHidden($0.classIndex) }.map { detection in
    let box = detection.box
    return Annotation(
      label: names[detection.classIndex], confidence: detection.confidence,
      classIndex: detection.classIndex, x: box.left, y: box.top, width: box.width,
      height: box.height)
  }
  return Annotator().draw(annotations, on: bitmap)
}

/// A text file for each picture, `class x y width height` a line: centers and sizes as shares of the
/// picture.
struct LabelSink: ResultSink {
  /// Where the file of a picture goes.
  enum Place {
    case beside
    case folder(String)
    /// Where Darknet looks for it when it trains.
    case training
  }

  private let place: Place
  private let decimals: Int
  private var files = FreshNames()
  private var written = 0

  init(_ place: Place, decimals: Int = 6) throws {
    self.place = place
    self.decimals = decimals
    if case .folder(let folder) = place { try Output.makeFolder(folder) }
  }

  mutating func add(_ picture: PictureResult<[Detection]>) throws {
    guard case .success(let seen) = picture.outcome else { return }
    let size = (width: Float(seen.width), height: Float(seen.height))
    let lines = seen.found.map { detection in
      let box = detection.box
      let place = [
        box.x / size.width, box.y / size.height, box.width / size.width, box.height / size.height,
      ]
      return "\(detection.classIndex) "
        + place.map { fixed($0, decimals) }.joined(separator: " ") + "\n"
    }
    try Output.write(Data(lines.joined().utf8), to: path(picture.path))
    written += 1
  }

  func finish() { standardError("note: \(written) label files written") }

  private mutating func path(_ picture: String) -> String {
    switch place {
    case .beside: files.path(picture.withoutExtension, "txt")
    case .folder(let folder): files.path(folder + "/" + picture.fileName.withoutExtension, "txt")
    case .training: files.path(Self.trainingPath(picture).withoutExtension, "txt")
    }
  }

  /// Source: Darknet `utils.c` (`replace_image_to_label`): each substitution once.
  private static func trainingPath(_ picture: String) -> String {
    [
      ("/images/train2017/", "/labels/train2017/"), ("/images/val2017/", "/labels/val2017/"),
      ("/JPEGImages/", "/labels/"), ("/images/train2014/", "/labels/train2014/"),
      ("/images/val2014/", "/labels/val2014/"),
    ].reduce(picture) { $0.replacing($1.0, with: $1.1, maxReplacements: 1) }
  }
}
