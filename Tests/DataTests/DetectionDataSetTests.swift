import Foundation
import PenumbraData
import PenumbraEngine
import TestSupport
import Testing

struct DetectionDataSetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b", "c"] { try folder.write([1], to: "images/\(name).jpg") }
    try folder.write("0 0.5 0.5 0.2 0.2\n1 0.2 0.2 0.1 0.1\n", to: "labels/a.txt")
    try folder.write("", to: "images/b.txt")
  }

  private func load(
    _ list: String, classNames: [String]? = ["x", "y"], policy: FaultPolicy = .skip
  ) throws -> DetectionDataSet {
    try DetectionDataSet(
      list: folder.write(list, to: "list.txt"), classNames: classNames, policy: policy)
  }

  @Test func `finds images from the list's folder and labels in either place`() throws {
    let data = try load("images/a.jpg\r\n\r\n  images/b.jpg \r\n")
    #expect(data.faults == [])
    #expect(data.items.map(\.image) == ["a", "b"].map { folder.file("images/\($0).jpg") })
    #expect(data.items.map(\.labels) == [folder.file("labels/a.txt"), folder.file("images/b.txt")])
    #expect(data.items.map(\.boxes.count) == [2, 0])
  }

  @Test func `records what is missing and leaves it out`() throws {
    let data = try load("images/a.jpg\nimages/gone.jpg\nimages/c.jpg\nimages/b.jpg\nimages/a.jpg\n")
    #expect(data.items.count == 3)
    #expect(data.faults.map(\.kind) == [.missingImage, .duplicateImage, .missingLabels])
    #expect(data.faults.map(\.line) == [2, 5, nil])
    #expect(data.faults.map(\.file).last == folder.file("images/c.txt"))
    #expect(data.faults.last?.text.contains(folder.file("labels/c.txt")) == true)
  }

  @Test func `stops at the first fault that leaves something out, if asked to`() throws {
    let error = try #require(throws: DataError.self) {
      try load("images/a.jpg\nimages/a.jpg\nimages/gone.jpg\n", policy: .stop)
    }
    guard case .fault(let fault) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(fault.kind == .missingImage && fault.line == 3)
    try folder.write("9 0.5 0.5 0.2 0.2\n", to: "images/c.txt")
    let second = try #require(throws: DataError.self) { try load("images/c.jpg\n", policy: .stop) }
    #expect(second.description.contains("images/c.txt:1: error: class 9, expected 0 to 1"))
  }

  @Test func `an image whose labels cannot be read is left out`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("images/c.txt"), withIntermediateDirectories: true)
    let data = try load("images/a.jpg\nimages/c.jpg\n")
    #expect(data.items.count == 1)
    #expect(data.faults.map(\.kind) == [.unreadableLabels])
  }

  @Test func `an ending without a rule is a fault of its line`() throws {
    try folder.write([1], to: "images/d.gif")
    let data = try load("images/a.jpg\nimages/d.gif\n")
    #expect(data.faults.map(\.kind) == [.missingLabels])
    #expect(data.faults.map(\.line) == [2])
  }

  @Test func `names classes by number where nobody names them`() throws {
    #expect(try load("images/a.jpg\n", classNames: nil).classNames == ["0", "1"])
  }

  @Test func `a folder stands for the pictures in it`() throws {
    let data = try DetectionDataSet(list: folder.file("images"), classNames: ["x", "y"])
    #expect(data.items.map(\.boxes.count) == [2, 0])
    #expect(data.faults.map(\.kind) == [.missingLabels])
  }

  @Test func `hidden pictures are none`() throws {
    for name in ["._a.jpg", ".trash/d.jpg"] { try folder.write([1], to: "images/\(name)") }
    let data = try DetectionDataSet(list: folder.file("images"), classNames: ["x", "y"])
    #expect(data.items.count == 2 && data.faults.count == 1)
  }

  @Test(arguments: ["", "\n\n", "gone.jpg\n"])
  func `a list with nothing usable is an error`(list: String) throws {
    #expect(throws: DataError.self) { try load(list) }
  }

  @Test func `what is no list is refused`() throws {
    let junk = try folder.write([UInt8](repeating: 0, count: 999), to: "junk.txt")
    #expect(throws: DataError.self) { try DetectionDataSet(list: junk) }
    let picture = folder.file("images/a.jpg")
    let error = try #require(throws: DataError.self) {
      try DetectionDataSet(path: picture, part: .train)
    }
    #expect(error.description.contains("a .jpg file is no data set"))
  }

  @Test(.enabled(if: Shared.has("data/bccd")))
  func `loads BCCD by its data file and by its folder`() throws {
    let bccd = try #require(Shared.item("data/bccd", for: "BCCD loads"))
    let train = try DetectionDataSet(path: bccd.path + "/bccd.data", part: .train)
    let valid = try DetectionDataSet(path: bccd.path, part: .valid)
    #expect(train.items.count == 205 && valid.items.count == 87)
    #expect(train.classNames == ["RBC", "WBC", "Platelets"])
    #expect(train.items.allSatisfy { !$0.boxes.isEmpty })
  }
}

struct DifficultListTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] {
      try folder.write([1], to: "\(name).jpg")
      try folder.write("0 0.5 0.5 0.2 0.2\n", to: "\(name).txt")
    }
    try folder.write("1 0.2 0.2 0.1 0.1\n7 0.2 0.2 0.1 0.1\n", to: "hard/b.txt")
    try folder.write("a.jpg\n\nb.jpg\n", to: "valid.txt")
    try folder.write("x\ny\n", to: "c.names")
    try folder.write(
      "train=valid.txt\nvalid=valid.txt\ndifficult=hard.txt\nnames=c.names\n", to: "x.data")
  }

  private func load(_ list: String, part: DataSetPart = .valid) throws -> DetectionDataSet {
    try folder.write(list, to: "hard.txt")
    return try DetectionDataSet(path: folder.file("x.data"), part: part)
  }

  @Test func `goes line by line with the valid list, and needs labels alone`() throws {
    let data = try load("hard/none.jpg\n\n hard/b.jpg\n")
    #expect(data.items.map(\.boxes.count) == [1, 1])
    #expect(data.items.map(\.difficult.count) == [0, 1])
    #expect(data.items[1].difficult[0].isDifficult && data.items[1].difficult[0].classIndex == 1)
    #expect(data.faults.map(\.kind) == [.missingLabels, .classOutOfRange])
    #expect(data.faults.map(\.effect) == [.kept, .boxLeftOut])
    #expect(data.faults[0].line == 1)
    #expect(try load("", part: .train).items.allSatisfy { $0.difficult.isEmpty })
  }

  @Test func `a shorter list is refused`() throws {
    let error = try #require(throws: DataError.self) { try load("hard/a.jpg\n") }
    #expect(error.description.contains("hard.txt: error: it ends after line 1, "))
  }
}

struct ClassificationDataSetTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["train/cat/1.jpg", "train/cat/2.png", "train/dog/1.jpg", "val/dog/3.jpg"] {
      try folder.write([1], to: name)
    }
    try folder.write([1], to: "train/dog/notes.txt")
    try folder.write([1], to: "val/cat/4.jpg")
  }

  @Test func `reads folders in the order of the names`() throws {
    try folder.write("dog\ncat\n", to: "c.names")
    let data = try ClassificationDataSet(path: folder.path, part: .train)
    #expect(data.classNames == ["dog", "cat"])
    #expect(data.items.map(\.classIndex) == [0, 1, 1])
    #expect(data.faults == [])
    #expect(try ClassificationDataSet(path: folder.path, part: .valid).items.count == 2)
  }

  @Test func `validation numbers its classes as training does`() throws {
    try FileManager.default.removeItem(atPath: folder.file("val/cat"))
    let data = try ClassificationDataSet(path: folder.path, part: .valid)
    #expect(data.classNames == ["cat", "dog"])
    #expect(data.items.map(\.classIndex) == [1])
    #expect(data.faults.map(\.kind) == [.emptyClass])
  }

  @Test func `folders that are no class and classes without pictures are faults`() throws {
    try folder.write("dog\nbird\n", to: "c.names")
    let data = try ClassificationDataSet(path: folder.path, part: .train)
    #expect(data.faults.map(\.kind) == [.unknownClass, .emptyClass])
    #expect(data.items.map(\.classIndex) == [0])
  }

  @Test func `an empty line among the names is a class without pictures`() throws {
    try folder.write("cat\n\n..\ndog\n", to: "c.names")
    let data = try ClassificationDataSet(path: folder.path, part: .train)
    #expect(data.classNames == ["cat", "", "..", "dog"])
    #expect(data.faults.map(\.kind) == [.emptyClass, .emptyClass])
    #expect(data.items.map(\.classIndex) == [0, 0, 3])
  }

  @Test func `a class that is named twice is refused`() throws {
    try folder.write("cat\ndog\ncat\n", to: "c.names")
    let error = try #require(throws: DataError.self) {
      try ClassificationDataSet(path: folder.path, part: .train)
    }
    #expect(error.description.contains("two classes are called 'cat'"))
  }

  @Test func `a list names the class in the path, the folder decides`() throws {
    try folder.write([1], to: "train/dog/cat-like.jpg")
    try folder.write([1], to: "train/bird/cat and dog.jpg")
    try folder.write([1], to: "train/ant/1.jpg")
    let list = try folder.write(
      "train/cat/1.jpg\ntrain/dog/cat-like.jpg\ntrain/bird/cat and dog.jpg\ntrain/ant/1.jpg\n",
      to: "list.txt")
    let data = try ClassificationDataSet(list: list, classNames: ["cat", "dog"])
    #expect(data.items.map(\.classIndex) == [0, 1])
    #expect(data.faults.map(\.kind) == [.classCount, .classCount])
    #expect(data.faults.map(\.line) == [3, 4])
  }

  @Test(.enabled(if: Shared.has("data/cifar10")))
  func `loads CIFAR-10`() throws {
    let cifar = try #require(Shared.item("data/cifar10", for: "CIFAR-10 loads"))
    let data = try ClassificationDataSet(path: cifar.path, part: .valid)
    #expect(data.items.count == 2000 && data.faults == [])
    #expect(data.classNames.first == "airplane" && data.classNames.count == 10)
  }
}
