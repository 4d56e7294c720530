import PenumbraData
import PenumbraImaging
import TestSupport
import Testing

struct DataSetCheckTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try picture(8, 6, white: []).write(to: folder.file("a.png"))
    try picture(200, 100, white: []).write(to: folder.file("b.png"))
    try folder.write("0 0.5 0.5 0.5 0.5\n", to: "a.txt")
    try folder.write("0 0.5 0.5 0.5 0.5\n1 0.5 0.5 1 1\n1 0.25 0.5 0.1 0.2\n", to: "b.txt")
    try folder.write("x\ny\n", to: "c.names")
    try folder.write("a.png\n", to: "train.txt")
    try folder.write("b.png\n", to: "val.txt")
    try folder.write("train=train.txt\nvalid=val.txt\nnames=c.names\n", to: "x.data")
  }

  @Test func `a sound data set has no faults`() throws {
    let check = try DataSetCheck(folder.file("x.data"), threads: 2)
    #expect(check.faults == [])
    #expect(check.parts.map(\.name) == ["train", "valid"])
    #expect(check.parts.map(\.boxes) == [1, 3])
    #expect(check.parts.map(\.perClass) == [[1, 0], [1, 2]])
  }

  @Test func `finds pictures that cannot be decoded, and those in both lists`() throws {
    try folder.write([0x89, 0x50, 0x4E, 0x47, 1, 2, 3], to: "c.png")
    try folder.write("", to: "c.txt")
    try folder.write("a.png\nc.png\n", to: "val.txt")
    let check = try DataSetCheck(folder.file("x.data"), threads: 2)
    #expect(check.faults.map(\.kind) == [.duplicateImage, .unreadableImage])
    #expect(check.faults.map(\.file) == [folder.file("a.png"), folder.file("c.png")])
    #expect(check.counts.map(\.count) == [1, 1])
    #expect(check.parts.map(\.images) == [1, 1])
    let quick = try DataSetCheck(folder.file("x.data"), decodes: false)
    #expect(quick.faults.map(\.kind) == [.duplicateImage] && quick.parts[1].images == 2)
  }

  @Test func `lists the faults even where nothing is left`() throws {
    try folder.write("gone.png\n\nnowhere.png\n", to: "train.txt")
    let check = try DataSetCheck(folder.file("train.txt"))
    #expect(check.faults.map(\.kind) == [.missingImage, .missingImage])
    #expect(check.faults.map(\.line) == [1, 3])
    try folder.write("", to: "train.txt")
    #expect(try DataSetCheck(folder.file("train.txt")).faults.map(\.kind) == [.emptyList])
  }

  @Test func `says once that valid is train, and each fault once`() throws {
    try folder.write("0 0.5 0.5 0 0\n0 0.5 0.5 0.5 0.5\n", to: "a.txt")
    try folder.write("train=train.txt\nvalid=./train.txt\nnames=c.names\n", to: "x.data")
    let check = try DataSetCheck(folder.file("x.data"))
    #expect(check.faults.map(\.kind) == [.zeroSize, .sameList])
    #expect(check.faults[1].file == folder.file("x.data") && check.faults[1].line == 2)
    #expect(check.parts.map(\.boxes) == [1, 1])
  }

  @Test func `warns of a set without a box and of names that cannot be told apart`() throws {
    try folder.write("", to: "a.txt")
    try folder.write("x\n\nx\n", to: "c.names")
    try folder.write("train=train.txt\nnames=c.names\n", to: "x.data")
    let check = try DataSetCheck(folder.file("x.data"))
    #expect(check.faults.map(\.kind) == [.emptyClass, .duplicateClass, .noBoxes])
    #expect(check.faults.allSatisfy { $0.effect == .kept })
    #expect(check.faults[2].text.hasSuffix("looked for in \(folder.file("a.txt"))"))
    let error = try #require(throws: DataError.self) {
      try DetectionDataSet(path: folder.file("x.data"), part: .train).requireBoxes("x.data")
    }
    #expect(error.description.contains("none of 1 images has a box"))
  }

  @Test(arguments: [
    "classes.txt", "labels/classes.txt", "_darknet.labels", "../classes.txt",
    "../labels/classes.txt",
  ])
  func `names that a labelling program left count`(place: String) throws {
    try folder.write(folder.bytes("a.png"), to: "set/images/a.png")
    try folder.write("1 0.5 0.5 0.5 0.5\n", to: "set/images/a.txt")
    try folder.write("cat\ndog\n", to: "set/images/" + place)
    let check = try DataSetCheck(folder.file("set/images"))
    #expect(check.classNames == ["cat", "dog"] && check.faults == [])
  }

  @Test func `decoding on many threads stays within the budget`() throws {
    let budget = DecodingBudget(bytes: 50 * 40 * 16 * 2)
    var lines = ""
    for index in 0..<40 {
      try picture(50, 40, white: []).write(to: folder.file("p\(index).png"))
      try folder.write("0 0.5 0.5 0.5 0.5\n", to: "p\(index).txt")
      lines += "p\(index).png\n"
    }
    // One that is larger than the budget is decoded alone.
    try picture(300, 200, white: []).write(to: folder.file("big.png"))
    try folder.write("0 0.5 0.5 0.5 0.5\n", to: "big.txt")
    try folder.write(lines + "big.png\n", to: "train.txt")
    let check = try DataSetCheck(folder.file("train.txt"), threads: 16, budget: budget)
    #expect(check.faults == [] && check.parts[0].images == 41)
    #expect(budget.mostUsed == budget.bytes)
  }

  @Test func `checks folders of classes`() throws {
    try picture(4, 4, white: []).write(to: folder.file("a.png"))
    try folder.write([1, 2], to: "k/train/cat/1.jpg")
    try folder.write("cat\ndog\n", to: "k/c.names")
    let check = try DataSetCheck(folder.file("k"))
    #expect(check.kind == .classification && check.classNames == ["cat", "dog"])
    #expect(check.faults.map(\.kind) == [.emptyClass, .unreadableImage])
  }

  @Test func `a folder of pictures with labels is a detector's`() throws {
    for part in ["train", "valid"] {
      try picture(8, 6, white: []).write(to: folder.file("a.png"))
      try folder.write(folder.bytes("a.png"), to: "y/\(part)/images/\(part).png")
      try folder.write("1 0.5 0.5 0.5 0.5\n", to: "y/\(part)/labels/\(part).txt")
    }
    try folder.write("train=y/train/images\nvalid=y/valid/images\nnames=c.names\n", to: "y.data")
    let named = try DataSetCheck(folder.file("y.data"))
    #expect(named.kind == .detection && named.parts.map(\.boxes) == [1, 1] && named.faults == [])
    let error = #expect(throws: DataError.self) { try DataSetCheck(folder.file("y")) }
    #expect(error?.description.contains("the pictures of train and valid would be one set") == true)
    let one = try DataSetCheck(folder.file("y/train"))
    #expect(one.kind == .detection && one.parts.map(\.boxes) == [1])
    try folder.write("train=k\nnames=c.names\n", to: "k.data")
    for name in ["x", "y"] { try folder.write(folder.bytes("a.png"), to: "k/\(name)/1.png") }
    #expect(try DataSetCheck(folder.file("k.data")).kind == .classification)
  }

  @Test func `statistics count what is there`() throws {
    let statistics = try DataSetStatistics(folder.file("x.data"))
    let valid = statistics.parts[1]
    #expect(valid.sizes == [.init(width: 200, height: 100, images: 1)])
    #expect(valid.boxes == 3 && valid.classes.map(\.boxes) == [1, 2])
    #expect(valid.classes.map(\.images) == [1, 1])
    // 100 x 50, 200 x 100 and 20 x 20 pixels.
    #expect([valid.areas.small, valid.areas.medium, valid.areas.large] == [1, 1, 1])
    #expect(valid.widths?.median == 100 && valid.aspects?.most == 2)
    #expect(valid.boxesPerImage?.mean == 3)

    let small = try DataSetStatistics(
      folder.file("x.data"), networkSize: PictureSize(width: 32, height: 32))
    #expect(small.parts[1].areas.small == 2 && small.parts[1].areas.medium == 1)
  }
}
