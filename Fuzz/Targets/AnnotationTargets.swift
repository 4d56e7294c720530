import Foundation
import PenumbraData
import PenumbraEvaluation

extension FuzzTarget {
  /// A VOC annotation, converted to the other formats.
  static let voc = FuzzTarget(
    "voc",
    dictionary: [
      "<annotation>", "</annotation>", "<object>", "</object>", "<name>", "<bndbox>", "<xmin>",
      "<size>", "<width>", "<difficult>", "<!DOCTYPE", "<!ENTITY", "<!NOTATION", "<![CDATA[", "]]>",
      "<!--", "-->", "<?xml", "encoding=\"", "UTF-16", "&amp;", "&#x", "&lt;", "\u{FEFF}",
    ],
    seeds: [vocSeed, vocSeed.replacing("<name>", with: "<!-- c --><name>")].map { Array($0.utf8) }
  ) { bytes in
    let path = ScratchFiles.write(bytes, to: "fuzz.xml")
    try convert(AnnotationSet(voc: path, policy: .skip))
  }

  private static let vocSeed = """
    <?xml version="1.0"?>
    <annotation><filename>a.png</filename>
    <size><width>40</width><height>30</height><depth>3</depth></size>
    <object><name>cat &amp; dog</name><difficult>1</difficult>
    <bndbox><xmin>1</xmin><ymin>2.5</ymin><xmax>20</xmax><ymax>30</ymax></bndbox></object>
    </annotation>
    """

  /// A COCO file, converted to the other formats.
  static let coco = FuzzTarget("coco", dictionary: cocoWords, seeds: cocoSeeds) { bytes in
    let path = ScratchFiles.write(bytes, to: "fuzz.json")
    try convert(AnnotationSet(coco: path, policy: .skip))
  }

  private static func convert(_ set: AnnotationSet) throws {
    for fault in set.faults { _ = "\(fault)" }
    _ = try? set.cocoFile("out.json")
    _ = try? set.vocFiles(in: "out")
  }

  // MARK: Evaluation

  /// COCO's ground truth, evaluated with no results.
  static let cocoTruth = FuzzTarget(
    "coco-truth", dictionary: cocoWords, seeds: cocoSeeds
  ) { bytes in
    let truth = try COCOTruth(json: Data(bytes), name: "truth.json")
    let results = try COCOResultsFile(json: Data("[]".utf8), name: "results.json")
    try evaluate(truth, results)
  }

  /// COCO's results, evaluated against a fixed truth.
  static let cocoResults = FuzzTarget(
    "coco-results", dictionary: cocoWords,
    seeds: [
      #"[{"image_id":1,"category_id":1,"bbox":[1,2,3,4],"score":0.5}]"#,
      #"[{"image_id":2,"category_id":3,"bbox":[1e3,-2,0,4.5],"score":1},{"image_id":1,"#
        + #""category_id":3,"bbox":[5,5,9,9],"score":0.25}]"#,
    ].map { Array($0.utf8) }
  ) { bytes in
    let truth = try COCOTruth(json: Data(cocoSeeds[0]), name: "truth.json")
    try evaluate(truth, COCOResultsFile(json: Data(bytes), name: "results.json"))
  }

  private static func evaluate(_ truth: COCOTruth, _ results: COCOResultsFile) throws {
    let (images, _) = try truth.evaluated(with: results)
    let names = truth.classNames
    guard names.count <= 100, images.count <= 100 else { return }
    _ = try evaluateDetections(images, classes: names.count)
  }

  private static let cocoWords = [
    "\"images\":", "\"annotations\":", "\"categories\":", "\"id\":", "\"image_id\":",
    "\"category_id\":", "\"bbox\":", "\"area\":", "\"iscrowd\":", "\"file_name\":", "\"width\":",
    "\"height\":", "\"name\":", "\"score\":", "1e308", "-0.0", "null", "true",
    "9223372036854775807",
    "\\u0000", "\\ud800", "[[[[", "{}",
  ]

  private static let cocoSeeds = [
    #"{"images":[{"id":1,"file_name":"a.png","width":40,"height":30},{"id":2,"file_name":"b.png","#
      + #""width":8,"height":8}],"annotations":[{"id":1,"image_id":1,"category_id":3,"#
      + #""bbox":[1,2,10,12],"area":120,"iscrowd":0},{"id":2,"image_id":2,"category_id":1,"#
      + #""bbox":[0,0,4,4.5],"iscrowd":1}],"categories":[{"id":1,"name":"cat"},{"id":3,"#
      + #""name":"dog"}]}"#,
    #"{"info":{"description":"x"},"images":[],"annotations":[],"categories":[{"id":1,"name":""}]}"#,
  ].map { Array($0.utf8) }
}
