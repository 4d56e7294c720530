import PenumbraEvaluation
import PenumbraImaging
import PenumbraSupport

/// What was judged: the part of a result that says where it is from.
struct FindingHeading: Encodable {
  struct Size: Encodable {
    let width: Int
    let height: Int
  }

  struct Unreadable: Encodable {
    let path: String
    let problem: String
  }

  var network: String?
  var weights: String?
  var data: String?
  var part: String?
  /// COCO's files, where there is no network.
  var truth: String?
  var results: String?
  let names: [String]
  var input: Size?
  var unreadable: [Unreadable]?
  var speed: EvaluationSpeed?
  var exif = OrientationMode.apply
  var limits = DecodingLimits()

  enum CodingKeys: CodingKey {
    case network, weights, data, part, truth, results, names, input, unreadable, speed
  }

  /// One line for people.
  var title: String {
    if let network, let data, let part {
      return "\(network.fileName) on \(data.fileName) (\(part))"
    }
    return "\((results ?? "").fileName) against \((truth ?? "").fileName)"
  }
}

/// A detector and how good it is.
struct DetectionFinding {
  let heading: FindingHeading
  let images: [EvaluatedImage]
  let evaluation: DetectionEvaluation
  /// Whether the images' names are paths of pictures.
  var hasPictures = true
}

/// A classifier and how good it is.
struct ClassificationFinding {
  let heading: FindingHeading
  let images: [ClassifiedImage]
  let scores: ClassificationScores
}

/// The object that `--json` prints.
struct FindingRecord: Encodable {
  let heading: FindingHeading
  var detection: DetectionScores?
  var classification: ClassificationScores?

  private enum CodingKeys: CodingKey {
    case detection, classification
  }

  func encode(to encoder: any Encoder) throws {
    try heading.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(detection, forKey: .detection)
    try container.encodeIfPresent(classification, forKey: .classification)
  }
}
