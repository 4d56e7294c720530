import PenumbraCLI
import PenumbraData

extension FuzzTarget {
  /// A list of images, for training and after `@`.
  static let list = FuzzTarget(
    "list", dictionary: ["a.png\n", "b.png\r\n", "./", "../", "\u{FEFF}", "images/", ".jpg"],
    seeds: ["a.png\nb.png\r\n\n a.png \n", "\u{FEFF}missing.jpg\na.png"].map { Array($0.utf8) }
  ) { bytes in
    for name in ["a.png", "b.png"] { _ = ScratchFiles.write([], to: name) }
    for name in ["a.txt", "b.txt"] {
      _ = ScratchFiles.write(Array("0 0.5 0.5 0.5 0.5\n".utf8), to: name)
    }
    let path = ScratchFiles.write(bytes, to: "list.txt")
    _ = try? CommandReaders.pictures(["@" + path])
    for fault in try ImageList(path).faults { _ = "\(fault)" }
    _ = try DetectionDataSet(list: path)
  }

  /// A file of class names.
  static let names = FuzzTarget(
    "names", dictionary: ["\r\n", "\u{FEFF}", "person\n"],
    seeds: ["person\nbicycle\r\n\n car \n\n", "\u{FEFF}a"].map { Array($0.utf8) }
  ) { bytes in
    let path = ScratchFiles.write(bytes, to: "fuzz.names")
    _ = try? CommandReaders.classNames(path, classes: 3)
    _ = try [String](namesFile: path)
  }

  /// A `.data` file and what it names, in a folder with some of it.
  static let dataFile = FuzzTarget(
    "data",
    dictionary: [
      "classes", "train", "valid", "names", "labels", "backup", "difficult", "results", "=",
      "list.txt\n", "fuzz.names\n", "3",
    ],
    seeds: [
      "classes = 2\ntrain = list.txt\nvalid = list.txt\nnames = fuzz.names\nbackup = b\n",
      "#c\n;d\nclasses=1\r\ntrain=a.png\r\ndifficult=list.txt\nlabels=fuzz.names",
    ].map { Array($0.utf8) }
  ) { bytes in
    _ = ScratchFiles.write([], to: "a.png")
    _ = ScratchFiles.write(Array("0 0.5 0.5 0.5 0.5\n".utf8), to: "a.txt")
    _ = ScratchFiles.write(Array("a.png\n".utf8), to: "list.txt")
    _ = ScratchFiles.write(Array("one\ntwo\n".utf8), to: "fuzz.names")
    let path = ScratchFiles.write(bytes, to: "fuzz.data")
    _ = try? CommandReaders.dataFile(path)
    let data = try DataSetFile(path)
    _ = try? data.classNames()
    // What a .data file names may be any file of this machine: only those of the folder are read.
    let named = data.entries.values.map(\.value)
    guard named.allSatisfy({ !$0.contains("/") && !$0.contains("..") }) else { return }
    for part in DataSetPart.allCases { _ = try DetectionDataSet(data, part: part) }
  }
}
