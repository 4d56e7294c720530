import Foundation
import PenumbraData
import PenumbraImaging
import TestSupport
import Testing

struct ConversionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A data set of small pictures that claim nothing; the label texts by name.
  private func yolo(_ labels: [String: String], width: Int = 640, height: Int = 480) throws
    -> String
  {
    // A PPM header is enough: only the size is read.
    let header = Array("P6 \(width) \(height) 255\n".utf8)
    for (name, text) in labels {
      try folder.write(header + [UInt8](repeating: 0, count: 16), to: "in/images/\(name).ppm")
      try folder.write(text, to: "in/labels/\(name).txt")
    }
    try folder.write("red\nw<h>&\"i't\"e\n", to: "in/c.names")
    try folder.write(labels.keys.sorted().map { "images/\($0).ppm\n" }.joined(), to: "in/list.txt")
    return try folder.write("train=list.txt\nnames=c.names\n", to: "in/x.data")
  }

  private func labels(in place: String) -> [String: String] {
    var found: [String: String] = [:]
    for file in folder.files where file.hasPrefix(place + "/labels/") {
      let name = file.dropFirst(place.count + 8).dropLast(4)
      found[String(name)] = folder.text(file)
    }
    return found
  }

  /// Labels with six decimals: of whole pixels, and of any shares.
  private func randomLabels(width: Int, height: Int) -> [String: String] {
    var generator = SeededGenerator(seed: 3)
    func share(_ value: Double) -> String { String(format: "%.6f", value) }
    var texts: [String: String] = [:]
    for image in 0..<6 {
      var lines = ""
      for box in 0..<40 {
        var numbers: [Double]
        if box % 2 == 0 {
          let (w, h) = (generator.int(1...width / 2), generator.int(1...height / 2))
          let (x, y) = (generator.int(0...width / 2), generator.int(0...height / 2))
          numbers = [
            (Double(x) + Double(w) / 2) / Double(width),
            (Double(y) + Double(h) / 2) / Double(height),
            Double(w) / Double(width), Double(h) / Double(height),
          ]
        } else {
          numbers = [0.3, 0.4, 0.1, 0.2].map { $0 + Double(generator.int(0...99_999)) * 1e-6 }
        }
        lines += "\(generator.int(0...1)) " + numbers.map(share).joined(separator: " ") + "\n"
      }
      texts["p\(image)"] = lines
    }
    return texts
  }

  @Test(arguments: [(640, 480), (1023, 77), (31, 4000)])
  func `labels come back through COCO and VOC digit by digit`(width: Int, height: Int) throws {
    let texts = randomLabels(width: width, height: height)
    let data = try yolo(texts, width: width, height: height)
    let set = try AnnotationSet(yolo: data)
    #expect(set.faults == [])

    try [set.cocoFile(folder.file("a.json"))].write()
    let coco = try AnnotationSet(coco: folder.file("a.json"))
    #expect(coco.classNames == ["red", "w<h>&\"i't\"e"])
    try coco.vocFiles(in: folder.file("voc")).write()
    let voc = try AnnotationSet(voc: folder.file("voc"))
    #expect(voc.classNames == coco.classNames)
    try voc.yoloFiles(in: folder.file("out"), pictures: .none).write()
    let found = labels(in: "out")
    #expect(found.count == texts.count)
    for (name, text) in texts {
      let lines = zip(text.split(separator: "\n"), (found[name] ?? "").split(separator: "\n"))
      for (line, other) in lines { #expect(line == other) }
      #expect(found[name]?.count == text.count)
    }
  }

  @Test func `whole pixels stay whole`() throws {
    let data = try yolo(["a": "0 0.275781 0.827083 0.342188 0.345833\n"])
    let object = try #require(try AnnotationSet(yolo: data).images.first?.objects.first)
    #expect([object.left, object.top, object.width, object.height] == [67, 314, 219, 166])
    let files = try AnnotationSet(yolo: data).vocFiles(in: "out")
    guard case .bytes(let bytes) = files[0].content else {
      Issue.record("no text")
      return
    }
    let xml = String(decoding: bytes, as: UTF8.self)
    for edge in ["<xmin>68<", "<ymin>315<", "<xmax>286<", "<ymax>480<"] {
      #expect(xml.contains(edge))
    }
  }

  @Test func `boxes of COCO come back through labels`() throws {
    let json = """
      {"images": [{"id": 9, "file_name": "a.jpg", "width": 640, "height": 427}],
       "categories": [{"id": 7, "name": "b"}, {"id": 3, "name": "a"}],
       "annotations": [
        {"id": 1, "image_id": 9, "category_id": 7, "bbox": [473.07, 395.93, 38.65, 28.67]},
        {"id": 2, "image_id": 9, "category_id": 3, "bbox": [0, 10.5, 639.99, 416.49], "iscrowd": 1},
        {"id": 3, "image_id": 9, "category_id": 3, "bbox": [1.01, 2.3, 4, 5.25], "iscrowd": 0}]}
      """
    let set = try AnnotationSet(coco: folder.write(json, to: "in.json"))
    #expect(set.classNames == ["a", "b"])
    #expect(set.images[0].objects.map(\.isCrowd) == [false, true, false])
    try folder.write(Array("P6 640 427 255\n".utf8) + [0, 0, 0, 0], to: "a.jpg")
    try set.yoloFiles(in: folder.file("out")).write()
    let back = try AnnotationSet(yolo: folder.file("out"), policy: .skip)
    #expect(
      back.images[0].objects.map { [$0.left, $0.top, $0.width, $0.height] }
        == [[473.07, 395.93, 38.65, 28.67], [1.01, 2.3, 4, 5.25]])
    #expect(back.images[0].objects.map(\.classIndex) == [1, 0])
  }

  @Test func `what is difficult stays so in VOC`() throws {
    let xml = """
      <annotation><filename>a.jpg</filename><size><width>10</width><height>10</height></size>
      <object><name>x</name><difficult>1</difficult><bndbox><xmin>1</xmin><ymin>1</ymin>
      <xmax>5</xmax><ymax>10</ymax></bndbox></object></annotation>
      """
    let set = try AnnotationSet(voc: folder.write(xml, to: "voc/a.xml"))
    let object = try #require(set.images[0].objects.first)
    #expect([object.left, object.top, object.width, object.height] == [0, 0, 5, 10])
    try set.vocFiles(in: folder.file("out")).write()
    #expect(try AnnotationSet(voc: folder.file("out")).images[0].objects == [object])
  }

  @Test func `a folder of labels can be trained on`() throws {
    let data = try yolo(["a": "1 0.5 0.5 0.25 0.25\n", "b": ""])
    for pictures in [AnnotationSet.Pictures.link, .copy] {
      let out = folder.file("out-\(pictures.rawValue)")
      try AnnotationSet(yolo: data).yoloFiles(in: out, pictures: pictures).write()
      let set = try DetectionDataSet(path: out, part: .train)
      #expect(set.faults == [] && set.items.map(\.boxes.count) == [1, 0])
      #expect(try PictureSize(contentsOf: set.items[0].image).width == 640)
    }
  }

  @Test func `boxes of classes that nobody names stay out`() throws {
    let data = try yolo(["a": "5 0.5 0.5 0.25 0.25\n1 0.5 0.5 0.5 0.5\n"])
    let set = try AnnotationSet(yolo: data, policy: .skip)
    #expect(set.faults.map(\.kind) == [.classOutOfRange])
    #expect(set.images[0].objects.map(\.classIndex) == [1])
    #expect(try set.vocFiles(in: "out").count == 2)
  }

  @Test func `nothing is overwritten unless asked for, and nothing is begun then`() throws {
    let data = try yolo(["a": "1 0.5 0.5 0.25 0.25\n"])
    let set = try AnnotationSet(yolo: data)
    try folder.write("mine", to: "out/set.data")
    let files = try set.yoloFiles(in: folder.file("out"))
    let error = try #require(throws: DataError.self) { try files.write() }
    #expect(error.description.hasPrefix("\(folder.file("out/set.data")): error: the file exists"))
    #expect(folder.files.filter { $0.hasPrefix("out/") } == ["out/set.data"])
    try files.write(replaces: true)
    try files.write(replaces: true)
    #expect(folder.text("out/set.data") != "mine")
    #expect(folder.text("in/labels/a.txt") == "1 0.5 0.5 0.25 0.25\n")
  }

  @Test func `pictures that are not there cannot be linked`() throws {
    let json = """
      {"images": [{"id": 1, "file_name": "gone.jpg", "width": 8, "height": 8}], "annotations": [],
       "categories": [{"id": 1, "name": "a"}]}
      """
    let set = try AnnotationSet(coco: folder.write(json, to: "in.json"))
    let error = try #require(throws: DataError.self) {
      try set.yoloFiles(in: folder.file("out")).write()
    }
    #expect(error.description.contains("gone.jpg: error: there is no such picture"))
    #expect(!folder.files.contains { $0.hasPrefix("out") })
    try set.yoloFiles(in: folder.file("out"), pictures: .none).write()
  }

  @Test func `pictures of one name cannot share a label file`() throws {
    let json = """
      {"images": [{"id": 1, "file_name": "x/a.jpg", "width": 8, "height": 8},
                  {"id": 2, "file_name": "y/a.png", "width": 8, "height": 8}],
       "annotations": [], "categories": [{"id": 1, "name": "a"}]}
      """
    let set = try AnnotationSet(coco: folder.write(json, to: "in.json"))
    #expect(throws: DataError.self) { try set.yoloFiles(in: "out") }
    #expect(throws: DataError.self) { try set.vocFiles(in: "out") }
  }

  @Test func `a name cannot lead out of the folder`() throws {
    let xml = """
      <annotation><filename>../../evil.jpg</filename>
      <size><width>10</width><height>10</height></size></annotation>
      """
    let path = try folder.write(xml, to: "voc/a.xml")
    let error = try #require(throws: DataError.self) {
      try AnnotationSet(voc: path, classNames: ["a"])
    }
    guard case .fault(let fault) = error.reason else { throw error }
    #expect(fault.kind == .missingImage && fault.text.hasPrefix("<filename> must be a path"))
  }

  @Test(.enabled(if: Shared.has("data/bccd")))
  func `BCCD comes back from COCO and VOC`() throws {
    let bccd = try #require(Shared.item("data/bccd", for: "BCCD comes back"))
    let set = try AnnotationSet(yolo: bccd.path, part: .valid, policy: .skip)
    try [set.cocoFile(folder.file("b.json"))].write()
    try AnnotationSet(coco: folder.file("b.json")).vocFiles(in: folder.file("voc")).write()
    try AnnotationSet(voc: folder.file("voc")).yoloFiles(in: folder.file("out"), pictures: .none)
      .write()
    var compared = 0
    for (name, text) in labels(in: "out") {
      let path = bccd.path + "/labels/\(name).txt"
      let original = try String(contentsOfFile: path, encoding: .utf8)
      let kept = try LabelFile(path, classes: 3).lines.map {
        original.split(separator: "\n", omittingEmptySubsequences: false)[$0 - 1] + "\n"
      }
      #expect(text == kept.joined())
      compared += 1
    }
    #expect(compared == 87)
  }
}
