/// The twelve numbers of the COCO evaluation, 0 to 1; -1 where there is nothing to measure.
public struct COCOScores: Hashable, Sendable, Codable {
  /// Average precision over IoU .50 to .95 in steps of .05.
  public var ap = -1.0
  /// At IoU .50 and .75 alone.
  public var ap50 = -1.0
  public var ap75 = -1.0
  /// Of objects below 32², up to 96², and above, in square pixels.
  public var apSmall = -1.0
  public var apMedium = -1.0
  public var apLarge = -1.0
  /// Average recall with 1, 10 and 100 detections of a class in an image.
  public var ar1 = -1.0
  public var ar10 = -1.0
  public var ar100 = -1.0
  public var arSmall = -1.0
  public var arMedium = -1.0
  public var arLarge = -1.0

  public init() {}

  enum CodingKeys: String, CodingKey {
    case ap, ap50, ap75, ar1, ar10, ar100
    case apSmall = "ap_small"
    case apMedium = "ap_medium"
    case apLarge = "ap_large"
    case arSmall = "ar_small"
    case arMedium = "ar_medium"
    case arLarge = "ar_large"
  }

  /// All twelve in the order in which pycocotools lists them.
  public var values: [Double] {
    [ap, ap50, ap75, apSmall, apMedium, apLarge, ar1, ar10, ar100, arSmall, arMedium, arLarge]
  }

  /// What the twelve are, in the same order.
  public static let titles = [
    "AP", "AP50", "AP75", "AP small", "AP medium", "AP large", "AR1", "AR10", "AR100", "AR small",
    "AR medium", "AR large",
  ]
}

/// What the COCO evaluation says of one class; -1 where the class has no truth.
public struct COCOClassScores: Hashable, Sendable, Codable {
  public var ap = -1.0
  public var ap50 = -1.0
  public var ap75 = -1.0
  public var ar100 = -1.0
}
