import Foundation
import Penumbra
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// Pictures with their boxes, in a folder.
struct AnnotatingSink: ResultSink {
  private let names: ClassNames
  private var files: PictureFiles

  /// - Throws: where a picture lies in that folder, or a file is in the way.
  init(
    folder: String, pictures: [String], names: ClassNames, plan: OutputPlan, overwrites: Bool
  ) throws {
    self.names = names
    try makeFolder(folder)
    try Self.refuse(pictures, in: folder)
    files = try PictureFiles(plan, of: pictures, overwrites: overwrites) { picture in
      let ending = picture.fileExtension
      let isKept = ["png", "jpg", "jpeg"].contains(ending.lowercased())
      return (folder + "/" + picture.fileName.withoutExtension, isKept ? ending : "png")
    }
  }

  /// What finds pictures in a folder would find those with boxes too.
  private static func refuse(_ pictures: [String], in folder: String) throws {
    let place = FileStatus(folder)?.identity
    var homes: Set<String> = []
    for picture in pictures where homes.insert(picture.folderName).inserted {
      guard FileStatus(picture.folderName)?.identity != place else {
        throw InputError(
          "\(picture.shownPath): the annotated picture would overwrite it",
          help: "give --annotate another folder than that of the pictures")
      }
    }
  }

  mutating func add(_ picture: PictureResult<[Detection]>) throws {
    guard case .success(let seen) = picture.outcome, let bitmap = seen.bitmap else { return }
    let path = try files.path(of: picture.path)
    try annotated(bitmap, seen.found, names).write(to: path, durability: .process)
    files.wrote(path)
  }
}

extension ClassNames {
  /// Says once which names pictures cannot show.
  func noteUndrawable() {
    let names = (0..<count).filter { !isHidden($0) }.map { self[$0] }
      .filter { name in
        name.transliteratedToASCII.count { $0 == "?" } > name.count { $0 == "?" }
      }
    guard !names.isEmpty else { return }
    let examples = names.prefix(5).map { name in
      "\(name.quotable) as \(String(name.prefix(60)).transliteratedToASCII)"
    }
    standardError(
      "note: on pictures, where letters are Latin, Greek and Cyrillic only, some names are shown with"
        + " question marks: \(examples.joined(separator: ", "))\(names.count > 5 ? ", …" : "")")
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

  private let decimals: Int
  private var files: PictureFiles
  private var written = 0

  /// - Throws: where a file is in the way.
  init(
    _ place: Place, of pictures: [String], plan: OutputPlan, overwrites: Bool, decimals: Int = 6
  ) throws {
    self.decimals = decimals
    if case .folder(let folder) = place { try makeFolder(folder) }
    files = try PictureFiles(plan, of: pictures, overwrites: overwrites) { picture in
      switch place {
      case .beside: (picture.withoutExtension, "txt")
      case .folder(let folder): (folder + "/" + picture.fileName.withoutExtension, "txt")
      case .training: (Self.trainingPath(picture).withoutExtension, "txt")
      }
    }
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
    let path = try files.path(of: picture.path)
    try AtomicFile.write(lines.joined(), to: path, durability: .process)
    files.wrote(path)
    written += 1
  }

  func finish() { standardError("note: \(written) label files written") }

  /// Source: Darknet `utils.c` (`replace_image_to_label`): each substitution once.
  private static func trainingPath(_ picture: String) -> String {
    [
      ("/images/train2017/", "/labels/train2017/"), ("/images/val2017/", "/labels/val2017/"),
      ("/JPEGImages/", "/labels/"), ("/images/train2014/", "/labels/train2014/"),
      ("/images/val2014/", "/labels/val2014/"),
    ].reduce(picture) { $0.replacing($1.0, with: $1.1, maxReplacements: 1) }
  }
}
