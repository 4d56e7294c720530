import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// For people: a line a picture, then a line a box.
struct DetectionText: ResultFormat {
  let names: ClassNames

  func text(_ picture: PictureResult<[Detection]>, number: Int) -> String {
    guard case .success(let seen) = picture.outcome else { return "" }
    let objects = seen.found.count == 1 ? "1 object" : "\(seen.found.count) objects"
    let head =
      "\(picture.path.printable): \(seen.width)x\(seen.height), \(objects),"
      + " \(fixed(seen.milliseconds, 1)) ms\n"
    let width = seen.found.map { names.shown($0.classIndex).count }.max() ?? 0
    return head + seen.found.map { line($0, nameWidth: width) }.joined()
  }

  private func line(_ detection: Detection, nameWidth: Int) -> String {
    let box = detection.box
    let numbers = [("x", box.left), ("y", box.top), ("width", box.width), ("height", box.height)]
      .map { "  \($0) \(fixed($1, 0).leftPadded(to: 4))" }
    let percent = fixed(detection.confidence * 100, 0).leftPadded(to: 3)
    return "  \(names.shown(detection.classIndex).rightPadded(to: nameWidth))  \(percent)%"
      + numbers.joined() + "\n"
  }
}

/// A row a box, or one with the error of a picture that could not be read.
struct DetectionCSV: ResultFormat {
  let names: ClassNames

  var opening: String {
    "path,image_width,image_height,class_id,name,confidence,x,y,width,height,error\n"
  }

  func text(_ picture: PictureResult<[Detection]>, number: Int) -> String {
    let path = picture.path.csvField
    switch picture.outcome {
    case .failure(let error): return "\(path),,,,,,,,,,\(error.problem.csvField)\n"
    case .success(let seen):
      return seen.found.map { detection in
        let box = detection.box
        let numbers = [box.left, box.top, box.width, box.height].map { fixed($0, 2) }
        let name = names[detection.classIndex].csvField
        return "\(path),\(seen.width),\(seen.height),\(detection.classIndex),\(name),"
          + "\(fixed(detection.confidence, 6)),\(numbers.joined(separator: ",")),\n"
      }.joined()
    }
  }
}

/// The results file of the COCO evaluation.
///
/// Boxes are cut at the edges of the picture. Source: Darknet `detector.c` (`print_cocos`,
/// `get_coco_image_id`, `coco_ids`).
struct COCOResults: ResultFormat {
  let classes: Int

  var opening: String { "[\n" }
  var separator: String { ",\n" }
  var closing: String { "\n]\n" }

  func text(_ picture: PictureResult<[Detection]>, number: Int) -> String {
    guard case .success(let seen) = picture.outcome else { return "" }
    let image = Self.imageID(picture.path)
    let (imageWidth, imageHeight) = (Float(seen.width), Float(seen.height))
    return seen.found.map { detection in
      let box = detection.box
      let (left, top) = (max(0, box.left), max(0, box.top))
      let width = min(imageWidth, box.left + box.width) - left
      let height = min(imageHeight, box.top + box.height) - top
      let numbers = [left, top, width, height].map { fixed($0, 6) }.joined(separator: ", ")
      return "{\"image_id\":\(image), \"category_id\":\(category(detection.classIndex)),"
        + " \"bbox\":[\(numbers)], \"score\":\(fixed(detection.confidence, 6))}"
    }.joined(separator: separator)
  }

  /// The number that the file's name starts with; 0 where it starts with none.
  static func imageID(_ path: String) -> Int {
    Int(path.fileName.prefix { $0.isASCII && $0.isNumber }) ?? 0
  }

  private func category(_ index: Int) -> Int { classes == 80 ? Self.coco[index] : index }

  /// The number of each class: the 80 that everyone trains have those of the 91 that COCO planned.
  static func categories(classes: Int) -> [Int] { classes == 80 ? coco : Array(0..<classes) }

  private static let coco = [
    1...11, 13...25, 27...28, 31...44, 46...65, 67...67, 70...70, 72...82, 84...90,
  ].flatMap { Array($0) }
}
