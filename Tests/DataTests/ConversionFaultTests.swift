import Foundation
import PenumbraData
import PenumbraImaging
import TestSupport
import Testing

struct ConversionFaultTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `what a yolo folder cannot hold is a fault and left out`() throws {
    let json = """
      {"images": [{"id": 1, "file_name": "a.gif", "width": 8, "height": 8},
                  {"id": 2, "file_name": "b.jpg", "width": 8000, "height": 8000}],
       "categories": [{"id": 1, "name": "x"}], "annotations": [
        {"image_id": 2, "category_id": 1, "bbox": [1, 1, 0.003, 900]},
        {"image_id": 2, "category_id": 1, "bbox": [10, 10, 800, 800]}]}
      """
    for name in ["a.gif", "b.jpg"] {
      try folder.write(Array("P6 8 8 255\n".utf8) + [0, 0], to: name)
    }
    let set = try AnnotationSet(coco: folder.write(json, to: "in.json"))
    #expect(set.yoloFaults().map(\.kind) == [.missingLabels, .zeroSize])
    #expect(set.yoloFaults().map(\.file) == ["a.gif", "b.jpg"].map(folder.file))
    #expect(set.yoloFaults(pictures: .none, decimals: 9) == [])
    try set.yoloFiles(in: folder.file("out")).write()
    let back = try DetectionDataSet(path: folder.file("out"), part: .train)
    #expect(back.faults == [] && back.items.map(\.boxes.count) == [1])
  }

  @Test func `any number but 0 makes a crowd`() throws {
    let set = try coco(
      """
      {"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2], "iscrowd": 2},
      {"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2], "iscrowd": 0}
      """)
    #expect(set.images[0].objects.map(\.isCrowd) == [true, false])
  }

  @Test func `numbers beyond decimals keep their exponent`() throws {
    var set = try coco(#"{"image_id": 1, "category_id": 1, "bbox": [1.5, 1, 2, 2]}"#)
    set.images[0].objects[0].left = 1.5e20
    guard case .bytes(let bytes) = try set.vocFiles(in: "out")[0].content else {
      Issue.record("no text")
      return
    }
    #expect(String(decoding: bytes, as: UTF8.self).contains("<xmin>1.5e+20</xmin>"))
  }

  @Test func `annotations that are nowhere are not found, in a folder a fault of one line`() throws
  {
    let error = try #require(throws: DataError.self) { try AnnotationSet(voc: "no/such.xml") }
    #expect(error.isNotFound)
    try FileManager.default.createDirectory(
      atPath: folder.file("v/folder.xml"), withIntermediateDirectories: true)
    try folder.write(
      "<annotation><filename>a.jpg</filename><size><width>4</width><height>4</height></size>"
        + "</annotation>", to: "v/ok.xml")
    let set = try AnnotationSet(voc: folder.file("v"), classNames: ["x"], policy: .skip)
    #expect(
      set.faults.map(\.text) == ["this is a folder, a file was expected"], "\(set.faults)")
  }

  private func coco(_ annotation: String, policy: FaultPolicy = .skip) throws -> AnnotationSet {
    let json = """
      {"images": [{"id": 1, "file_name": "a.jpg", "width": 8, "height": 8}],
       "categories": [{"id": 1, "name": "a"}], "annotations": [\(annotation)]}
      """
    return try AnnotationSet(coco: folder.write(json, to: "in.json"), policy: policy)
  }

  @Test(arguments: [
    (#"{"image_id": 2, "category_id": 1, "bbox": [1, 1, 2, 2]}"#, DataFault.Kind.missingImage),
    (#"{"image_id": 1, "category_id": 5, "bbox": [1, 1, 2, 2]}"#, .classOutOfRange),
    (#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, 2]}"#, .unparsableLine),
    (#"{"image_id": 1, "category_id": 1}"#, .unparsableLine),
    (#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, 0, 2]}"#, .zeroSize),
    (#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, 1e30, 2]}"#, .boxOutside),
    (#"{"image_id": 1, "category_id": 1, "bbox": [8, 1, 2, 2]}"#, .boxOutside),
  ])
  func `COCO's faults are recorded, or stop`(annotation: String, kind: DataFault.Kind) throws {
    let set = try coco(annotation)
    #expect(set.faults.map(\.kind) == [kind] && set.images[0].objects.isEmpty)
    #expect(throws: DataError.self) { try coco(annotation, policy: .stop) }
  }

  @Test(arguments: [
    ("", "it is not JSON"), ("[1, 2", "it is not JSON"), ("{}", "has no 'images'"),
    ("[]", "the file is not an object"),
    (#"{"images": 3, "annotations": [], "categories": []}"#, "images is not a list"),
    (#"{"images": [], "annotations": [], "categories": []}"#, "names no categories"),
    (
      #"{"images": [{"id": 1, "file_name": 7}], "annotations": [], "categories": []}"#,
      "images[0].file_name is not text"
    ),
  ])
  func `what is no COCO file is refused with the place`(text: String, what: String) throws {
    let path = try folder.write(text, to: "in.json")
    let error = try #require(throws: DataError.self) { try AnnotationSet(coco: path) }
    #expect(error.description.contains(what), "\(error)")
  }

  private func voc(_ object: String, policy: FaultPolicy = .skip) throws -> AnnotationSet {
    let xml = """
      <annotation>
      <filename>a.jpg</filename><size><width>10</width><height>10</height></size>
      \(object)
      </annotation>
      """
    return try AnnotationSet(
      voc: folder.write(xml, to: "a.xml"), classNames: ["x"], policy: policy)
  }

  @Test(arguments: [
    ("<object><name>x</name></object>", DataFault.Kind.unparsableLine),
    ("<object><bndbox/></object>", .unparsableLine),
    (
      "<object><name>x</name><bndbox><xmin>nan</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax>"
        + "</bndbox></object>", .unparsableLine
    ),
    (
      "<object><name>x</name><bndbox><xmin>5</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax>"
        + "</bndbox></object>", .zeroSize
    ),
    (
      "<object><name>z</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax>"
        + "</bndbox></object>", .unknownClass
    ),
  ])
  func `VOC's faults are recorded by line, or stop`(object: String, kind: DataFault.Kind) throws {
    let set = try voc(object)
    #expect(set.faults.map(\.kind) == [kind] && set.faults.first?.line == 3)
    #expect(throws: DataError.self) { try voc(object, policy: .stop) }
  }

  @Test func `what is no annotation is a fault of its own file`() throws {
    try folder.write("<annotation><filename>a.jpg</filename>", to: "v/broken.xml")
    try folder.write("<html/>", to: "v/html.xml")
    try folder.write([0, 1, 2], to: "v/junk.xml")
    try folder.write(String(repeating: "<a>", count: 500_000), to: "v/deep.xml")
    try folder.write(
      "<annotation><filename>a.jpg</filename><size><width>4</width><height>4</height></size>"
        + "</annotation>", to: "v/ok.xml")
    let set = try AnnotationSet(
      voc: folder.file("v"), classNames: ["x"], policy: .skip)
    #expect(set.images.map(\.name) == ["a.jpg"])
    #expect(set.faults.map(\.kind) == [DataFault.Kind](repeating: .unreadableLabels, count: 4))
  }
}
