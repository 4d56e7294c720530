import PenumbraCfg
import PenumbraEngine

/// The keys of `[yolo]` and `[Gaussian_yolo]` that say how they learn.
struct AnchorLossOptions: Sendable {
  /// Nil is the squared error of the coordinates.
  let boxLoss: Overlap?
  let boxFactor: Float
  let objectnessFactor: Float
  let classFactor: Float
  let uncertaintyFactor: Float
  /// Of the whole gradient.
  let factor: Float
  /// Boxes that overlap a truth by more are not pushed to objectness 0.
  let ignoreThreshold: Float
  /// Boxes that overlap a truth by more learn it.
  let truthThreshold: Float
  /// Further anchors that fit a truth's shape better than this learn it; from 1 on none do.
  let shapeThreshold: Float
  let shapeMeasure: Overlap
  /// Bounds each part of a box's gradient.
  let mostDelta: Float
  /// Whether the objectness learns the overlap instead of 1.
  let learnsOverlap: Bool
  let usesFocalLoss: Bool
  /// What a class's target is where it is the right one, and where it is not.
  let targets: (right: Float, wrong: Float)
  /// How much more each class counts; empty where all count the same.
  let multipliers: [Float]
  /// The numbers of the labels' classes in this network; nil where they are the same.
  let map: [Int]?

  init(
    _ section: CfgFile.Section, _ spec: SectionSpec, classes: Int, map: ClassMap?
  ) throws(CfgError) {
    var keys = KeyValues(section, spec)
    boxLoss = Self.boxLoss(keys.word("iou_loss"))
    boxFactor = keys.float("iou_normalizer")
    objectnessFactor = keys.float("obj_normalizer")
    classFactor = keys.float("cls_normalizer")
    uncertaintyFactor = keys.float("uc_normalizer")
    factor = keys.float("delta_normalizer")
    ignoreThreshold = keys.float("ignore_thresh")
    truthThreshold = keys.float("truth_thresh")
    shapeThreshold = keys.float("iou_thresh")
    shapeMeasure = Overlap(rawValue: keys.word("iou_thresh_kind")) ?? .iou
    mostDelta = keys.optionalFloat("max_delta") ?? .greatestFiniteMagnitude
    learnsOverlap = keys.flag("objectness_smooth")
    usesFocalLoss = keys.flag("focal_loss")
    let smoothing = keys.float("label_smooth_eps", "at least 0 and below 1") { 0..<1 ~= $0 }
    targets = (1 - smoothing + smoothing / 2, smoothing / 2)
    multipliers = Self.multipliers(&keys, classes: classes, most: mostDelta)
    try keys.check()
    self.map = try map?.classes()
  }

  private static func boxLoss(_ word: String) -> Overlap? {
    word == "mse" ? nil : Overlap(rawValue: word) ?? .iou
  }

  private static func multipliers(
    _ keys: inout KeyValues, classes: Int, most: Float
  ) -> [Float] {
    guard let counts = keys.ints("counters_per_class") else { return [] }
    guard counts.count == classes else {
      keys.report(.countersDiffer(counts.count, classes: classes), at: "counters_per_class")
      return []
    }
    let largest = Float(max(1, counts.max() ?? 1))
    return counts.map { min(most, largest / Float(max(1, $0))) }
  }

  func multiplier(_ classIndex: Int) -> Float {
    multipliers.isEmpty ? 1 : multipliers[classIndex]
  }
}
