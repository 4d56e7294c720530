import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// A box with all the classes it was found for, lowest class first.
struct FoundObject {
  let box: Box
  let scores: [Detection]

  /// The most probable class that may be shown.
  func best(_ names: ClassNames) -> Detection? {
    scores.filter { !names.isHidden($0.classIndex) }
      .reduce(nil) { best, score in
        if let best, best.confidence >= score.confidence { best } else { score }
      }
  }
}

extension ClassNames {
  /// Darknet shows no class of such a name.
  func isHidden(_ index: Int) -> Bool { self[index].hasPrefix("dont_show") }
}

extension [Detection] {
  /// The detections box by box, in the order in which Darknet's suppression leaves them.
  var inDarknetOrder: [FoundObject] {
    Dictionary(grouping: self) { $0.order ?? 0 }.sorted { $0.key < $1.key }
      .map { _, scores in
        FoundObject(box: scores[0].box, scores: scores.sorted { $0.classIndex < $1.classIndex })
      }
  }
}

/// What `detector test` prints.
///
/// Source: Darknet `image.c` (`draw_detections_v3`), `detector.c` (`test_detector`).
struct DarknetText: ResultFormat {
  let names: ClassNames
  /// The heads, which are announced before each picture.
  let heads: [(layer: Int, type: Int)]
  /// Whether each line says where the box is.
  let showsBoxes: Bool

  func text(_ picture: PictureResult<[Detection]>, number: Int) -> String {
    guard case .success(let seen) = picture.outcome else { return "" }
    let announcements = heads.map { " Detection layer: \($0.layer) - type = \($0.type) \n" }
    let objects = seen.found.inDarknetOrder
      .compactMap { object in object.best(names).map { (object: object, best: $0) } }
      .enumerated()
      .sorted { ($0.1.object.box.left, $0.0) < ($1.1.object.box.left, $1.0) }
      .map(\.1)
    let lines = objects.flatMap { object, best in
      let others = object.scores.filter { $0.classIndex != best.classIndex }
      return ([best] + others).map(line)
    }
    return announcements.joined()
      + "\(picture.path.printable): Predicted in \(fixed(seen.milliseconds, 6)) milli-seconds.\n"
      + lines.joined()
  }

  private func line(_ detection: Detection) -> String {
    let percent = "\(names.shown(detection.classIndex)): \(fixed(detection.confidence * 100, 0))%"
    guard showsBoxes else { return percent + "\n" }
    let box = detection.box
    let (left, top, width, height) = (box.left, box.top, box.width, box.height)
    func pixels(_ value: Float) -> String { fixed(value.rounded(), 0).leftPadded(to: 4) }
    return percent
      + "\t(left_x: \(pixels(left))   top_y: \(pixels(top))   width: \(pixels(width))"
      + "   height: \(pixels(height)))\n"
  }
}

/// What `detector test -out` writes, as valid JSON: Darknet writes names and paths as they are, here
/// quotes, backslashes and control characters in them are escaped.
///
/// A picture that could not be read has no objects, and an `error` that Darknet's file lacks.
/// Source: Darknet `image.c` (`detection_to_json`).
struct DarknetJSON: ResultFormat {
  let names: ClassNames

  var opening: String { "[\n" }
  var separator: String { ", \n" }
  var closing: String { "\n]" }

  func text(_ picture: PictureResult<[Detection]>, number: Int) -> String {
    var objects: [String] = []
    var error = ""
    switch picture.outcome {
    case .success(let seen):
      let size = (Float(seen.width), Float(seen.height))
      objects = seen.found.inDarknetOrder.flatMap { object in
        object.scores.filter { $0.confidence > 0.005 && !names.isHidden($0.classIndex) }
          .map { text($0, size) }
      }
    case .failure(let failure): error = " \"error\":\(failure.problem.jsonLiteral), \n"
    }
    let list = objects.isEmpty ? "" : objects.joined(separator: ", \n") + "\n"
    return "{\n \"frame_id\":\(number), \n \"filename\":\(picture.path.jsonLiteral), \n\(error)"
      + " \"objects\": [ \n\(list) ] \n}"
  }

  private func text(_ detection: Detection, _ size: (width: Float, height: Float)) -> String {
    let box = detection.box
    let place = [
      ("center_x", box.x / size.width), ("center_y", box.y / size.height),
      ("width", box.width / size.width), ("height", box.height / size.height),
    ].map { "\"\($0)\":\(fixed($1, 6))" }.joined(separator: ", ")
    return "  {\"class_id\":\(detection.classIndex),"
      + " \"name\":\(names[detection.classIndex].jsonLiteral),"
      + " \"relative_coordinates\":{\(place)}, \"confidence\":\(fixed(detection.confidence, 6))}"
  }
}
