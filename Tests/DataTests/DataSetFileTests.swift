import PenumbraData
import TestSupport
import Testing

struct DataSetFileTests {
  @Test func `reads keys, comments and blanks; the first of two equal keys counts`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\nb b\n\n", to: "my names.txt")
    let path = try folder.write(
      "# c = 1\r\n ; d = 2\r\nclasses= 2\r\nclasses = 9\r\nnames =  my names.txt \r\nbackup=\r\n",
      to: "x.data")
    let file = try DataSetFile(path)
    #expect(try file.classes == 2)
    #expect(try file.classNames() == ["a", "b b"])
    #expect(file.backup == nil)
    #expect(file.entries.keys.sorted() == ["backup", "classes", "names"])
  }

  @Test func `finds files from its own folder, then from the one above`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "cfg/near.txt")
    try folder.write("", to: "data/far.txt")
    let path = try folder.write("train = near.txt\nvalid = data/far.txt\n", to: "cfg/x.data")
    let file = try DataSetFile(path)
    #expect(try file.list(.train) == folder.file("cfg/near.txt"))
    #expect(try file.list(.valid) == folder.file("cfg") + "/../data/far.txt")
  }

  @Test func `has no validation images where nothing names them`() throws {
    let folder = try TemporaryFolder()
    let list = try folder.write("", to: "t.txt")
    let file = try DataSetFile(folder.write("train = \(list)\n", to: "x.data"))
    #expect(try !file.hasValidation && file.list(.train) == list)
    let error = try #require(throws: DataError.self) { try file.list(.valid) }
    #expect(
      error.description == """
        \(file.path): error: there are no validation images: there is no 'valid'
        help: add a line 'valid = FILE', or give --part train
        """)
  }

  @Test(arguments: [
    "classes=3\ntrain=\"data/t.txt\"\nnames='data/n'\n",
    "classes=3 # three\ntrain=data/t.txt # list\nnames=data/n ; names\n",
    "classes=3\ntrain=data\\t.txt\nnames=data\\n\n",
    "Classes=3\nTRAIN=data/t.txt\nNames=data/n\n",
    "classes = 3\ntrain = data / t.txt\nnames = data /n\n",
    "classes\u{A0}=\u{A0}3\rtrain\u{A0}= data/t.txt\u{A0}\rnames=data/n\r",
    "Train=gone\ntrain=data/t.txt\nclasses=3\nnames=data/n",
  ])
  func `reads what people write around values`(text: String) throws {
    let folder = try TemporaryFolder()
    try folder.write("a.jpg\n", to: "data/t.txt")
    try folder.write("a\nb\nc\n", to: "data/n")
    let file = try DataSetFile(folder.write(text, to: "x.data"))
    #expect(try file.classes == 3)
    #expect(try file.list(.train) == folder.file("data/t.txt"))
    #expect(try file.classNames() == ["a", "b", "c"])
  }

  @Test func `takes a value as it is written where that is a file`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\n", to: "n #1")
    try folder.write("b\n", to: "n")
    let file = try DataSetFile(folder.write("names = n #1\nbackup = bk\\w\\\n", to: "x.data"))
    #expect(try file.classNames() == ["a"])
    #expect(file.backup == "bk/w/")
  }

  @Test func `names the key that looks like a missing one, and the path that is there`() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "t.txt")
    let path = try folder.write("trian = t.txt\nvalid = data/x/t.txt\n", to: "x.data")
    let file = try DataSetFile(path)
    let misspelled = try #require(throws: DataError.self) { try file.list(.train) }
    #expect(
      misspelled.description == """
        \(path):1: error: there is no 'train', but 'trian'
        help: write 'train = FILE'
        """)
    let near = try #require(throws: DataError.self) { try file.list(.valid) }
    #expect(near.description.hasSuffix("help: write 'valid = t.txt'"))
  }

  @Test func `is recognised where names were expected`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\n", to: "n")
    let path = try folder.write("# mine\nclasses = 1\nnames = n\n", to: "x.data")
    let error = try #require(throws: DataError.self) { try [String](namesFile: path) }
    #expect(
      error.description == """
        \(path): error: this looks like a .data file, a list of class names was expected
        help: give the file that it names: \(folder.file("n"))
        """)
  }

  @Test func `says where it looked for a file that is nowhere`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("classes = 1\ntrain = gone.txt\n", to: "x.data")
    let error = try #require(throws: DataError.self) { try DataSetFile(path).list(.train) }
    #expect(
      error.description == """
        \(path):2: error: 'train' names a file that is not there; tried gone.txt, \
        \(folder.path)/gone.txt, \(folder.path)/../gone.txt
        help: paths start at the current folder, else at the folder of the file that names them, \
        else at the one above
        """)
  }

  @Test func `counts the names`() throws {
    let folder = try TemporaryFolder()
    try folder.write("a\nb\n", to: "n")
    let path = try folder.write("classes = 3\nnames = n\n", to: "x.data")
    let error = try #require(throws: DataError.self) { try DataSetFile(path).classNames() }
    #expect(error.description.contains("n: error: 2 names, but \(path):1 says classes = 3"))
  }

  @Test(arguments: ["0", "-3", "many", "99999999999999999999"])
  func `refuses a count of classes that is none`(value: String) throws {
    let folder = try TemporaryFolder()
    let file = try DataSetFile(folder.write("classes = \(value)\n", to: "x.data"))
    let error = try #require(throws: DataError.self) { try file.classes }
    #expect(error.description.contains("x.data:1: error: 'classes' is '\(value)'"))
  }

  @Test func `numbers the classes where only their count is known`() throws {
    let folder = try TemporaryFolder()
    let file = try DataSetFile(folder.write("classes = 3\n", to: "x.data"))
    #expect(try file.classNames() == ["0", "1", "2"])
  }

  @Test func `refuses what is no data file`() throws {
    let folder = try TemporaryFolder()
    let empty = try folder.write("", to: "empty.data")
    let junk = try folder.write([0, 61, 0, 10, 255], to: "junk.data")
    #expect(throws: DataError.self) { try DataSetFile(empty) }
    #expect(throws: DataError.self) { try DataSetFile(junk) }
    #expect(throws: DataError.self) { try DataSetFile(folder.path) }
    let error = try #require(throws: DataError.self) { try DataSetFile(folder.file("none.data")) }
    #expect(error.isNotFound)
  }
}
