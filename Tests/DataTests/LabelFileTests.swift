import PenumbraData
import PenumbraEngine
import TestSupport
import Testing

struct LabelFileTests {
  private func read(_ text: String, classes: Int? = 3) throws -> LabelFile {
    let folder = try TemporaryFolder()
    return try LabelFile(folder.write(text, to: "a.txt"), classes: classes)
  }

  @Test func `reads a box a line, with any blanks, CRLF and a byte order mark`() throws {
    let file = try read("\u{FEFF}0 0.5 0.5 0.25 0.125\r\n\r\n  2\t0.5  0.25 1e-1 .5  \r\n")
    #expect(file.faults == [])
    #expect(
      file.boxes == [
        LabelledBox(classIndex: 0, box: Box(x: 0.5, y: 0.5, width: 0.25, height: 0.125)),
        LabelledBox(classIndex: 2, box: Box(x: 0.5, y: 0.25, width: 0.1, height: 0.5)),
      ])
    #expect(file.lines == [1, 3])
  }

  @Test(arguments: [
    ("0 0.5 0.5 0.2", DataFault.Kind.unparsableLine, 0),
    ("0 0.5 0.5 0.2 0.2 0.9", .unparsableLine, 0),
    ("cell 0.5 0.5 0.2 0.2", .unparsableLine, 0),
    ("1.0 0.5 0.5 0.2 0.2", .unparsableLine, 0),
    ("0 0.5 0,5 0.2 0.2", .unparsableLine, 0),
    ("0 0x1p-1 0.5 0.2 0.2", .unparsableLine, 0),
    ("3 0.5 0.5 0.2 0.2", .classOutOfRange, 0),
    ("-1 0.5 0.5 0.2 0.2", .classOutOfRange, 0),
    ("0 nan 0.5 0.2 0.2", .notFinite, 0),
    ("0 0.5 0.5 inf 0.2", .notFinite, 0),
    ("0 0.5 0.5 1e999 0.2", .notFinite, 0),
    ("0 0.5 0.5 0 0.2", .zeroSize, 0),
    ("0 0.5 0.5 0.2 -0.1", .zeroSize, 0),
    ("0 1.5 0.5 0.2 0.2", .boxOutside, 0),
    ("0 0.5 -0.1 0.2 0.2", .boxOutside, 0),
    ("0 1.05 0.5 0.2 0.2", .centreOutside, 1),
    ("0 0.95 0.5 0.2 0.2", .boxPartlyOutside, 1),
    ("0 0.5 0.5 0.2 1.1", .boxPartlyOutside, 1),
  ])
  func `names what is wrong with a line and keeps the others`(
    line: String, kind: DataFault.Kind, kept: Int
  ) throws {
    let file = try read("1 0.2 0.2 0.1 0.1\n\(line)\n2 0.4 0.4 0.1 0.1\n")
    #expect(file.faults.map(\.kind) == [kind])
    #expect(file.faults.first?.line == 2)
    #expect(file.faults.first?.effect == (kept == 1 ? .kept : .boxLeftOut))
    #expect(file.boxes.count == 2 + kept)
    #expect(file.boxes.first?.classIndex == 1 && file.boxes.last?.classIndex == 2)
  }

  @Test func `lines may end with CR alone`() throws {
    let file = try read("0 .5 .5 .2 .2\r1 .2 .2 .1 .1\r")
    #expect(file.faults == [] && file.lines == [1, 2])
  }

  @Test func `thousands of columns are one fault with a short text`() throws {
    let file = try read(String(repeating: "0 ", count: 50_000) + "\n0 .5 .5 .2 .2\n")
    #expect(file.faults.count == 1 && file.boxes.count == 1)
    #expect(file.faults[0].text.hasSuffix(": 50000 fields instead of 5"))
    #expect(file.faults[0].text.utf8.count < 200)
  }

  @Test func `no class has a number beyond a million, whoever names them`() throws {
    let file = try read(
      "9999999999999 0.5 0.5 0.2 0.2\n1000000 0.5 0.5 0.2 0.2\n7 0.5 0.5 0.2 0.2\n", classes: nil)
    #expect(file.faults.map(\.kind) == [.classOutOfRange, .classOutOfRange])
    #expect(file.faults.last?.text == "class 1000000, expected 0 to 999999")
    #expect(file.boxes.map(\.classIndex) == [7])
  }

  @Test func `a box written with four decimals does not count as outside`() throws {
    #expect(try read("0 0.0625 0.5 0.1251 1").faults == [])
  }

  @Test func `names the line that a repeated box repeats`() throws {
    let file = try read("0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2\n")
    #expect(file.boxes.map(\.classIndex) == [0, 1])
    #expect(file.faults.map(\.kind) == [.duplicateBox])
    #expect(file.faults.first?.text == "the same box and class as in line 1")
  }

  @Test func `a fault is a line that editors link`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("7 0.5 0.5 0.2 0.2\n", to: "a.txt")
    let file = try LabelFile(path, classes: 3)
    #expect(
      file.faults.map(\.description) == [
        "\(path):1: error: class 7, expected 0 to 2 [class-out-of-range]"
      ])
  }

  @Test func `an empty file says that there are no objects`() throws {
    let file = try read("")
    #expect(file.boxes.isEmpty && file.faults.isEmpty)
  }

  @Test func `binary junk is one fault`() throws {
    let folder = try TemporaryFolder()
    let junk = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let file = try LabelFile(folder.write(junk, to: "a.txt"), classes: 3)
    #expect(file.boxes.isEmpty)
    #expect(file.faults.map(\.kind) == [.unreadableLabels])
  }

  @Test func `stops reading a file in which nothing is right`() throws {
    let file = try read(String(repeating: "nonsense\n", count: 5000))
    #expect(file.faults.count == 1001)
    #expect(file.faults.last?.kind == .unreadableLabels && file.faults.last?.line == 1001)
  }

  @Test func `a line of a million characters is quoted in part`() throws {
    let file = try read(String(repeating: "9", count: 1_000_000))
    #expect(file.faults.map(\.kind) == [.unparsableLine])
    #expect((file.faults.first?.text.count ?? .max) < 200)
  }
}

struct LabelPathTests {
  @Test(arguments: [
    ("/d/images/train2017/a.jpg", "/d/labels/train2017/a.txt"),
    ("/d/JPEGImages/a.JPEG", "/d/labels/a.txt"),
    ("/d/images/a.jpg", "/d/images/a.txt"),
    ("/d/JPEGImages/JPEGImages/a.png", "/d/labels/JPEGImages/a.txt"),
    ("a.b.PPM", "a.b.txt"),
    ("d/a.tiff", "d/a.txt"),
  ])
  func `follows Darknet's rule`(image: String, labels: String) {
    #expect(LabelPath.candidates(for: image).first == labels)
  }

  @Test(arguments: ["a.tif", "a.webp", "a.Jpg", "jpg", ""])
  func `knows no labels for other endings`(image: String) {
    #expect(LabelPath.candidates(for: image) == [])
  }

  @Test func `also looks in labels beside images, as the original Darknet does`() {
    #expect(
      LabelPath.candidates(for: "/d/images/a.jpg") == ["/d/images/a.txt", "/d/labels/a.txt"])
    #expect(LabelPath.candidates(for: "images/a.jpg") == ["images/a.txt", "labels/a.txt"])
    #expect(LabelPath.candidates(for: "/myimages/a.jpg") == ["/myimages/a.txt"])
  }
}
