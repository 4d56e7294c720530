import PenumbraEvaluation
import Testing

struct DarknetMapTests {
  @Test func `prints what Darknet prints`() throws {
    let second = image(
      [truth(0, 0, 100, 10, class: 1)], [found(0.6, 0, 0, 80, 10, class: 1)], id: 1)
    let text = try scores(rightWrongRight, second, classes: 2).darknet
      .text { ["person", "cat"][$0] }
    #expect(
      text == """

         detections_count = 4, unique_truth_count = 3  
        class_id = 0, name = person, ap = 83.33%   \t (TP = 2, FP = 1) 
        class_id = 1, name = cat, ap = 100.00%   \t (TP = 1, FP = 0) 

         for conf_thresh = 0.25, precision = 0.75, recall = 1.00, F1-score = 0.86 
         for conf_thresh = 0.25, TP = 3, FP = 1, FN = 0, average IoU = 70.00 % 

         IoU threshold = 50 %, used Area-Under-Curve for each unique Recall 
         mean average precision (mAP@0.50) = 0.916667, or 91.67 % 

        """)
  }

  @Test func `says how many recalls it read`() throws {
    let scores = try scores(rightWrongRight, options: EvaluationOptions(darknetPoints: 11))
    #expect(scores.darknet.text { "\($0)" }.contains("used 11 Recall-points \n"))
  }

  @Test func `a box of two classes comes before those of the lower class alone`() throws {
    // Both boxes find the truth. The second comes first in Darknet's array, for its class 1.
    let image = image(
      [truth(0, 0, 50, 50)],
      [
        found(0.9, 0, 0, 50, 50), found(0.4, 5, 0, 50, 50),
        found(0.3, 5, 0, 50, 50, class: 1),
      ])
    let darknet = try scores(image, classes: 2).darknet
    #expect(darknet.truePositives == 1 && darknet.falsePositives == 2)
    // 45 of 55 columns, by all three boxes: the surer box came second.
    #expect(isNear(darknet.averageIoU, 45 / 55.0 / 3))
    // AP goes by confidence alone.
    #expect(darknet.classes[0].ap == 1)
  }
}
