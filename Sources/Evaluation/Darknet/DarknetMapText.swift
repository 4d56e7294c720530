extension DarknetMap {
  /// What Darknet prints, without its lines about loading and time.
  ///
  /// Source: AlexeyAB's `detector.c` (`validate_detector_map`).
  public func text(names: (Int) -> String) -> String {
    let perClass = classes.enumerated().map { index, one in
      "class_id = \(index), name = \(names(index)), ap = \(fixed(one.ap * 100, 2))%   \t"
        + " (TP = \(one.truePositives), FP = \(one.falsePositives)) \n"
    }
    let rule =
      points == 0 ? "Area-Under-Curve for each unique Recall" : "\(points) Recall-points"
    return "\n detections_count = \(detections), unique_truth_count = \(truths)  \n"
      + perClass.joined()
      + "\n for conf_thresh = \(fixed(threshold, 2)), precision = \(fixed(precision, 2)),"
      + " recall = \(fixed(recall, 2)), F1-score = \(fixed(f1, 2)) \n"
      + " for conf_thresh = \(fixed(threshold, 2)), TP = \(truePositives), FP = \(falsePositives),"
      + " FN = \(falseNegatives), average IoU = \(fixed(averageIoU * 100, 2)) % \n"
      + "\n IoU threshold = \(fixed(iou * 100, 0)) %, used \(rule) \n"
      + " mean average precision (mAP@\(fixed(iou, 2))) = \(fixed(map, 6)),"
      + " or \(fixed(map * 100, 2)) % \n"
  }
}
