import PenumbraEngine
import PenumbraSupport

/// The list that a `.data` file calls `difficult`: line by line as `valid`, images whose labels are
/// the objects that nobody is blamed for missing.
///
/// Of its images only the labels are looked for, by the rule for those of `valid`. Empty lines
/// count, as in Darknet.
/// - Source: Darknet `detector.c` (`validate_detector_map`).
struct DifficultList {
  private let text: TextLines
  private let classes: Int

  /// - Throws: `DataError`: unreadable, or not one that goes line by line with the other.
  init(_ path: String, parallelTo valid: ImageList, classes: Int) throws(DataError) {
    text = try TextLines(path, as: .list)
    try text.check()
    self.classes = classes
    let lines = valid.entries.compactMap(\.line)
    guard lines.count == valid.entries.count else {
      throw DataError(
        .badFormat(
          detail: "\(valid.path) is a folder, two lists that go line by line were expected"),
        file: path)
    }
    guard lines.last ?? 0 <= text.lines.count else {
      throw DataError(
        .badFormat(
          detail: "it ends after line \(text.lines.count), \(valid.path) has an image in line"
            + " \(lines.last ?? 0)"), file: path)
    }
  }

  /// The difficult objects of the image in a line of the other list.
  func boxes(line: Int, _ faults: inout FaultCollection) throws(DataError) -> [LabelledBox] {
    let image = text.lines[line - 1]
    let found = NamedPath.found(image, namedBy: text.path) { path in
      LabelPath.existing(for: path).map { $0.exists && PathKind($0.path) == .file } ?? false
    }
    guard let found, let labels = LabelPath.existing(for: found) else {
      try faults.add(
        DataFault(
          .missingLabels, file: text.path, line: line,
          "there is no label file for \(TextLines.shown(image)), so that none of its objects is"
            + " difficult",
          effect: .kept))
      return []
    }
    let file = try LabelFile(labels.path, classes: classes)
    for fault in file.faults {
      // The image itself stays, whatever is wrong here.
      let effect = fault.effect == .imageLeftOut ? .boxLeftOut : fault.effect
      try faults.add(
        DataFault(fault.kind, file: fault.file, line: fault.line, fault.text, effect: effect))
    }
    return file.boxes.map {
      LabelledBox(classIndex: $0.classIndex, box: $0.box, isDifficult: true)
    }
  }
}
