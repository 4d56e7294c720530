import Penumbra
import PenumbraEngine
import PenumbraImaging

/// One picture in `json` and `jsonl`.
struct PictureRecord<Item: Encodable>: Encodable {
  let path: String
  let preset: Preset
  let preprocessing: Preprocessing
  let width: Int?
  let height: Int?
  let milliseconds: Double?
  /// The items by the name of their list; none where the picture could not be read.
  let items: (key: String, values: [Item])?
  let error: String?

  init<Found>(
    _ picture: PictureResult<Found>, key: String, items: (Found) -> [Item]
  ) {
    path = picture.path
    preset = picture.preprocessing.preset
    preprocessing = picture.preprocessing
    switch picture.outcome {
    case .success(let seen):
      (width, height, milliseconds) = (seen.width, seen.height, seen.milliseconds)
      self.items = (key, items(seen.found))
      error = nil
    case .failure(let failure):
      (width, height, milliseconds, self.items) = (nil, nil, nil, nil)
      error = failure.problem
    }
  }

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(path, forKey: Key("path"))
    try container.encode(preset, forKey: Key("preset"))
    try container.encode(preprocessing, forKey: Key("preprocessing"))
    try container.encodeIfPresent(width, forKey: Key("width"))
    try container.encodeIfPresent(height, forKey: Key("height"))
    try container.encodeIfPresent(milliseconds, forKey: Key("milliseconds"))
    try container.encodeIfPresent(error, forKey: Key("error"))
    if let items { try container.encode(items.values, forKey: Key(items.key)) }
  }
}

/// A box with its class, as results state it.
struct DetectionRecord: Encodable {
  let classID: Int
  let name: String
  let confidence: Float
  let box: PixelBox

  /// The left and upper edge and the size, in pixels of the picture; may reach beyond it.
  struct PixelBox: Encodable {
    let x, y, width, height: Float
  }

  private enum CodingKeys: String, CodingKey {
    case classID = "class_id"
    case name, confidence, box
  }

  init(_ detection: Detection, _ names: ClassNames) {
    let box = detection.box
    classID = detection.classIndex
    name = names[detection.classIndex]
    confidence = detection.confidence
    self.box = PixelBox(x: box.left, y: box.top, width: box.width, height: box.height)
  }
}

/// A class with its score, as results state it.
struct ScoreRecord: Encodable {
  let classID: Int
  let name: String
  let score: Float

  private enum CodingKeys: String, CodingKey {
    case classID = "class_id"
    case name, score
  }

  init(_ score: ClassScore, _ names: ClassNames) {
    classID = score.classIndex
    name = names[score.classIndex]
    self.score = score.score
  }
}

/// `json`: one object, `{"images": [record, …]}`; `jsonl`: a record a line.
struct JSONFormat<Found, Item: Encodable>: ResultFormat {
  let isLines: Bool
  /// The name of a record's list.
  let key: String
  let items: (Found) -> [Item]

  var opening: String { isLines ? "" : "{\n  \"images\" : [\n    " }
  var separator: String { isLines ? "" : ",\n    " }
  var closing: String { isLines ? "" : "\n  ]\n}\n" }

  func text(_ picture: PictureResult<Found>, number: Int) throws -> String {
    let record = PictureRecord(picture, key: key, items: items)
    let text = try Output.json(record, pretty: !isLines)
    return isLines ? text + "\n" : text.replacing("\n", with: "\n    ")
  }
}
