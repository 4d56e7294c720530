import Foundation
import PenumbraData
import TestSupport
import Testing

/// Pascal VOC annotations as people and attackers write them.
struct VocFileTests {
  private let folder = try! TemporaryFolder()
  private let object =
    "<object><name>x</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>2.5</xmax><ymax>3</ymax>"
    + "</bndbox></object>"

  private func annotation(_ name: String, _ inner: String = "") -> String {
    "<annotation><filename>\(name)</filename><size><width>4</width><height>4</height></size>"
      + inner + "</annotation>"
  }

  private func fault(_ bytes: [UInt8]) throws -> String {
    try folder.write(annotation("ok.jpg"), to: "v/ok.xml")
    try folder.write(bytes, to: "v/bad.xml")
    let set = try AnnotationSet(voc: folder.file("v"), classNames: ["x"], policy: .skip)
    #expect(set.images.map(\.name) == ["ok.jpg"])
    let fault = try #require(set.faults.first)
    #expect(fault.file.hasSuffix("v/bad.xml"))
    return "\(fault.line ?? 0): \(fault.text)"
  }

  /// Each scalar is a byte of the file.
  @Test(arguments: [
    ("<annotation><!-- \u{FF}\u{FE} --></annotation>", "1: "),
    ("<annotation>\n<a\u{C3}/></annotation>", "2: "),
    ("<!DOCTYPE a [<!NOTATION n SYSTEM 'x'>]><annotation/>", "DOCTYPE"),
    ("<!DOCTYPE a [<!ENTITY e SYSTEM 'f' NDATA n>]><annotation/>", "DOCTYPE"),
    ("<!DOCTYPE a [<!ENTITY e '&e;&e;'>]><annotation>&e;</annotation>", "DOCTYPE"),
    ("<annotation>&e;</annotation>", "undefined entity"),
    ("<annotation>\n\n<a></b></annotation>", "3: "),
    ("<?xml version='1.0' encoding='EBCDIC-X'?><annotation/>", "encoding"),
    ("<html></html>", "its first element is <html>"), ("", "no element found"),
  ])
  func `a hostile file is a fault with its line`(content: String, what: String) throws {
    let text = try fault(content.unicodeScalars.map { UInt8($0.value) })
    #expect(text.contains(what), "\(text)")
    #expect(text.contains(", at column "), "\(text)")
  }

  @Test func `depth, texts, objects and tags have limits`() throws {
    let deep = "<annotation>" + String(repeating: "<a>", count: 100_000)
    #expect(try fault(Array(deep.utf8)).contains("more than 64 elements are nested"))
    let long = annotation(String(repeating: "a", count: 100_000))
    #expect(try fault(Array(long.utf8)).contains("a text of more than 16384 bytes"))
    let comment = "<annotation><!--" + String(repeating: "a", count: 3 << 20) + "--></annotation>"
    #expect(try fault(Array(comment.utf8)).contains("longer than 1048576 bytes"))
  }

  @Test func `reads a file of fifteen megabytes`() throws {
    let many = annotation("a.jpg", String(repeating: object, count: 120_000))
    #expect(many.utf8.count > 12 << 20)
    let set = try AnnotationSet(voc: folder.write(many, to: "a.xml"), classNames: ["x"])
    #expect(set.images[0].objects.count == 120_000)
    #expect(set.images[0].objects[0].width == 2.5)
  }

  @Test func `reads UTF-16 and Latin-1`() throws {
    let text = annotation("\u{E9}.jpg")
    var utf16: [UInt8] = [0xFF, 0xFE]
    for unit in ("<?xml version='1.0' encoding='UTF-16'?>" + text).utf16 {
      utf16 += [UInt8(unit & 255), UInt8(unit >> 8)]
    }
    let latin = ("<?xml version='1.0' encoding='ISO-8859-1'?>" + text).unicodeScalars.map {
      UInt8($0.value)
    }
    for bytes in [utf16, latin] {
      let set = try AnnotationSet(voc: folder.write(bytes, to: "a.xml"), classNames: ["x"])
      #expect(set.images[0].name == "\u{E9}.jpg")
    }
  }

  @Test(arguments: [
    ("C:\\pics\\b.jpg", "b.jpg"), ("/home/somebody/b.jpg", "b.jpg"), ("b", "b"),
    ("a &amp; b&#10;c.jpg", "a & b c.jpg"), ("\n  b.jpg\n", "b.jpg"),
  ])
  func `file names are read as they are meant`(written: String, name: String) throws {
    let set = try AnnotationSet(
      voc: folder.write(annotation(written), to: "a.xml"), classNames: ["x"])
    #expect(set.images[0].name == name)
  }

  @Test func `a picture without its ending is found`() throws {
    try folder.write([1], to: "d/JPEGImages/b.png")
    try folder.write(annotation("b"), to: "d/Annotations/b.xml")
    let set = try AnnotationSet(voc: folder.file("d"), classNames: ["x"])
    #expect(
      set.images[0].path == folder.file("d/Annotations").replacing(
        "Annotations", with: "JPEGImages") + "/b.png")
  }

  @Test(arguments: ["", "VOCdevkit", "VOCdevkit/VOC2007", "VOCdevkit/VOC2007/Annotations"])
  func `annotations are found from the folders above them`(below: String) throws {
    for year in ["VOC2007", "VOC2012"] {
      try folder.write([1], to: "VOCdevkit/\(year)/JPEGImages/\(year).jpg")
      try folder.write(
        annotation("\(year).jpg", object), to: "VOCdevkit/\(year)/Annotations/\(year).xml")
    }
    let set = try AnnotationSet(voc: below.isEmpty ? folder.path : folder.file(below))
    let isOneYear = below.contains("2007")
    #expect(set.images.count == (isOneYear ? 1 : 2))
    #expect(set.images.allSatisfy { FileManager.default.fileExists(atPath: $0.path) })
  }

  @Test func `a missing picture and a second annotation are faults, and the rest is written`()
    throws
  {
    try folder.write([1], to: "d/JPEGImages/a.jpg")
    for (file, name, objects) in [
      ("a", "a.jpg", object), ("b", "gone.jpg", object), ("c", "C:\\x\\a.jpg", object + object),
    ] {
      try folder.write(annotation(name, objects), to: "d/Annotations/\(file).xml")
    }
    #expect(throws: DataError.self) { try AnnotationSet(voc: folder.file("d")) }
    let set = try AnnotationSet(voc: folder.file("d"), policy: .skip)
    #expect(set.faults.map(\.kind) == [.duplicateImage])
    #expect(set.yoloFaults().map(\.kind) == [.missingImage])
    try set.yoloFiles(in: folder.file("out"), leavesOutMissing: true).write()
    let list = try String(contentsOfFile: folder.file("out/list.txt"), encoding: .utf8)
    #expect(list == "images/a.jpg\n")
  }

  @Test func `a second annotation that says the same stops nothing`() throws {
    for file in ["a", "b"] {
      try folder.write(annotation("a.jpg", object), to: "d/\(file).xml")
    }
    let set = try AnnotationSet(voc: folder.file("d"), policy: .stop)
    #expect(set.images.count == 1)
    #expect(set.faults.map(\.effect) == [.kept])
  }
}
