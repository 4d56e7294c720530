import PenumbraEngine
import PenumbraEvaluation
import Testing

struct CarelessInputTests {
  private static let refused: [(EvaluatedImage, EvaluationError)] = [
    (image([], [found(.nan, 0, 0, 5, 5)]), error(.notFinite(what: "detection 1"))),
    (image([], [found(0.5, 0, 0, .infinity, 5)]), error(.notFinite(what: "detection 1"))),
    (image([truth(0, 0, -5, 5)], []), error(.negativeSize(what: "truth 1"))),
    (
      image([truth(0, 0, 5, 5, class: 2)], []),
      error(.classOutOfRange(found: 2, classes: 2, what: "truth 1"))
    ),
    (
      image([], [found(0.5, 0, 0, 5, 5, class: -1)]),
      error(.classOutOfRange(found: -1, classes: 2, what: "detection 1"))
    ),
  ]

  private static func error(_ reason: EvaluationError.Reason) -> EvaluationError {
    EvaluationError(reason, in: "image 0")
  }

  @Test(arguments: refused)
  func `is refused by name`(image: EvaluatedImage, expected: EvaluationError) {
    #expect(throws: expected) { try evaluateDetections([image], classes: 2) }
    #expect(expected.description.contains("\nhelp: "))
  }

  @Test func `two images of one number are refused`() {
    #expect(throws: EvaluationError(.repeatedImage(id: 0), in: "image 0")) {
      try evaluateDetections([image([], []), image([], [])], classes: 1)
    }
  }

  @Test(arguments: [
    EvaluationOptions(iou: 0), EvaluationOptions(iou: .nan), EvaluationOptions(threshold: 1.5),
    EvaluationOptions(darknetPoints: 1),
  ])
  func `options out of range are refused`(options: EvaluationOptions) {
    #expect(throws: EvaluationError.self) {
      try evaluateDetections([], classes: 1, options: options)
    }
  }

  @Test func `a detector is judged through a closure, boxes in pixels of each image`() throws {
    let label = LabelledBox(classIndex: 0, box: Box(x: 0.5, y: 0.5, width: 0.5, height: 0.25))
    let images = [
      LabelledImage(name: "a", width: 200, height: 100, boxes: [label]),
      LabelledImage(name: "b", width: 100, height: 100, boxes: []),
    ]
    let scores = try evaluate(images, classes: 1) { number, image in
      number == 1
        ? []
        : [
          Detection(
            classIndex: 0, confidence: 0.5, objectness: 0.5,
            box: Box(
              x: Float(image.width) / 2, y: Float(image.height) / 2, width: 100, height: 25))
        ]
    }.scores
    #expect(scores.coco.ap == 1 && scores.images == 2)
    // 100x25 pixels.
    #expect(scores.coco.apMedium == 1 && scores.coco.apSmall == -1)
  }
}
