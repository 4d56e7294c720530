import PenumbraData

extension FuzzTarget {
  /// A label file.
  static let labels = FuzzTarget(
    "labels", dictionary: ["0.5", "1e-3", "nan", "-1", "\r\n", "0 0.5 0.5 0.25 0.25\n"],
    seeds: [
      "0 0.5 0.5 0.25 0.25\n1 0.1 0.9 0.2 0.2\r\n", "\u{FEFF}0 0.5 0.5 1.5 1e-3\n\n2 0 0 nan 1",
    ]
    .map { Array($0.utf8) }
  ) { bytes in
    let path = ScratchFiles.write(bytes, to: "labels.txt")
    let file = try LabelFile(path, classes: bytes.count % 2 == 0 ? 3 : nil)
    precondition(file.boxes.count == file.lines.count, "a line for each box")
    for fault in file.faults { _ = "\(fault)" }
  }
}
