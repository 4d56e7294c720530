import Foundation
import PenumbraEvaluation
import Testing

extension RandomTruths {
  /// Read as the command reads them.
  func evaluated() throws -> [EvaluatedImage] {
    let truth = try COCOTruth(json: Data(self.truth.utf8), name: "truth.json")
    let results = try COCOResultsFile(json: Data(self.results.utf8), name: "results.json")
    return try truth.evaluated(with: results).images
  }

  var images: [EvaluatedImage] { (try? evaluated()) ?? [] }
}

struct COCOFileTests {
  private let truth = """
    {"images":[{"id":3},{"id":9,"width":64,"height":48,"file_name":"a.jpg"}],
     "categories":[{"id":7,"name":"cat"},{"id":2,"name":"dog"}],
     "annotations":[{"image_id":9,"category_id":7,"bbox":[1,2,3,4],"area":5.5,"iscrowd":1}]}
    """

  @Test func `reads truths and results`() throws {
    let truth = try COCOTruth(json: Data(truth.utf8), name: "t.json")
    #expect(truth.classNames == ["dog", "cat"])
    let results = try COCOResultsFile(
      json: Data(
        """
        [{"image_id":9,"category_id":7,"bbox":[1,2.5,3,4],"score":0.25},
         {"image_id":3,"category_id":1,"bbox":[1,2,3,4],"score":1}]
        """.utf8), name: "r.json")
    let (images, leftOut) = try truth.evaluated(with: results)
    #expect(leftOut == 1)
    #expect(
      images == [
        EvaluatedImage(id: 3, name: "image 3", width: 0, height: 0, truths: [], detections: []),
        EvaluatedImage(
          id: 9, name: "a.jpg", width: 64, height: 48,
          truths: [EvaluationTests.truth(1, 2, 3, 4, class: 1, area: 5.5, isCrowd: true)],
          detections: [found(0.25, 1, 2.5, 3, 4, class: 1)]),
      ])
  }

  @Test func `results read back as they were written`() throws {
    let images = RandomTruths(seed: 5).images
    let written = COCOResultsFile(images, categories: RandomTruths.categories, name: "r.json")
    let read = try COCOResultsFile(json: Data(written.json.utf8), name: "r.json")
    #expect(read == written && read.results.count > 200)
    let none = COCOResultsFile([], categories: [])
    #expect(try COCOResultsFile(json: Data(none.json.utf8), name: "").results.isEmpty)
  }

  private static let brokenTruths: [(String, String)] = [
    ("", "it is not JSON"),
    ("[1, 2", "it is not JSON"),
    ("[]", "the file is not an object"),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,1e999,1]}]}"#,
      "a number in it is out of range"
    ),
    (#"{"images":[]}"#, "the file has no 'categories'"),
    (#"{"images":[{}],"categories":[],"annotations":[]}"#, "images[0] has no 'id'"),
    (
      #"{"images":[{"id":"x"}],"categories":[],"annotations":[]}"#,
      "images[0].id is not a whole number"
    ),
    (#"{"images":[],"categories":[{"id":1}],"annotations":[]}"#, "there are no images"),
    (#"{"images":[{"id":1}],"categories":[],"annotations":[]}"#, "there are no classes"),
    (
      #"{"images":[{"id":1},{"id":1}],"categories":[{"id":1}],"annotations":[]}"#,
      "image 1 is there twice"
    ),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1},{"id":1}],"annotations":[]}"#,
      "category 1 is listed twice"
    ),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"image_id":2,"category_id":1,"bbox":[0,0,1,1]}]}"#,
      "annotations[0] belongs to image 2"
    ),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"image_id":1,"category_id":5,"bbox":[0,0,1,1]}]}"#,
      "annotations[0] belongs to category 5"
    ),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,1]}]}"#,
      "annotations[0].bbox has 3 numbers, expected 4"
    ),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,-1,1]}]}"#,
      "annotations[0] has a negative width or height"
    ),
    (
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[{"image_id":1,"category_id":1,"bbox":[0,0,1,null]}]}"#,
      "annotations[0].bbox[3] is null, expected a number"
    ),
  ]

  @Test(arguments: brokenTruths)
  func `a broken file of truths is named with its fault`(json: String, fault: String) {
    let error = #expect(throws: EvaluationError.self) {
      try COCOTruth(json: Data(json.utf8), name: "t.json")
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("t.json: error: ") && text.contains("\nhelp: "))
    #expect(text.contains(fault), "\(text)")
  }

  @Test(arguments: [
    ("{}", "the file is not a list"),
    ("[{}]", "[0] has no 'image_id'"),
    (#"[{"image_id":9,"category_id":7,"bbox":[1,2,3,4],"score":NaN}]"#, "it is not JSON"),
    (
      #"[{"image_id":9,"category_id":7,"bbox":[1,2,3,4],"score":"x"}]"#, "[0].score is not a number"
    ),
    (
      #"[{"image_id":9,"category_id":7,"bbox":[1,2,3,4],"score":1e999}]"#,
      "a number in it is out of range"
    ),
    (#"[{"image_id":9,"category_id":7,"bbox":[],"score":1}]"#, "[0].bbox has 0 numbers"),
    (#"[{"image_id":1,"category_id":7,"bbox":[1,2,3,4],"score":1}]"#, "[0] belongs to image 1"),
  ])
  func `a broken file of results is named with its fault`(json: String, fault: String) throws {
    let truth = try COCOTruth(json: Data(truth.utf8), name: "t.json")
    let error = #expect(throws: EvaluationError.self) {
      try truth.evaluated(with: COCOResultsFile(json: Data(json.utf8), name: "r.json"))
    }
    let text = error?.description ?? ""
    #expect(text.hasPrefix("r.json: error: ") && text.contains(fault), "\(text)")
  }
}
