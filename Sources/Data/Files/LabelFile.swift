import PenumbraCfg
public import PenumbraEngine
import PenumbraSupport

/// A label file: `class x y width height` a line, centres and sizes as shares of the image.
///
/// Darknet stops reading at the first line that it does not understand; here that line alone is
/// left out, with a record. What is kept is as written: a box over the edge is trimmed when it is
/// used.
public struct LabelFile: Sendable {
  public let boxes: [LabelledBox]
  /// The line of each box, from 1.
  public let lines: [Int]
  public let faults: [DataFault]

  /// - Parameter classes: classes told apart; nil where nobody knows yet.
  public init(_ path: String, classes: Int?) throws(DataError) {
    let text = try TextLines(path, as: .labels, from: .found, limit: 1 << 24)
    self.init(text, classes: classes)
  }

  init(_ text: TextLines, classes: Int?) {
    var parser = LabelParser(file: text.path, classes: classes)
    if let mismatch = text.mismatch {
      parser.report(.unreadableLabels, nil, mismatch.problem, .imageLeftOut)
    } else {
      parser.read(text.lines)
    }
    boxes = parser.boxes
    lines = parser.boxLines
    faults = parser.faults
  }
}

/// Reads lines one by one and remembers what it saw.
private struct LabelParser {
  let file: String
  let classes: Int?
  var boxes: [LabelledBox] = []
  var boxLines: [Int] = []
  var faults: [DataFault] = []
  private var firstLine: [LabelledBox: Int] = [:]

  init(file: String, classes: Int?) {
    self.file = file
    self.classes = classes
  }

  mutating func report(
    _ kind: DataFault.Kind, _ line: Int?, _ text: String, _ effect: DataFault.Effect = .boxLeftOut
  ) {
    faults.append(DataFault(kind, file: file, line: line, text, effect: effect))
  }

  /// As many as a `.data` file may have: a number beyond is a mistake, and every class costs memory.
  private static let mostClasses = 1_000_000

  /// After so many faults nobody reads on, and the file is likely something else.
  private static let mostFaults = 1000

  mutating func read(_ lines: [String]) {
    for (index, line) in lines.enumerated() {
      guard faults.count < Self.mostFaults else {
        return report(
          .unreadableLabels, index + 1, "\(faults.count) faults in this file; the rest is not read",
          .imageLeftOut)
      }
      read(line, index + 1)
    }
  }

  private mutating func read(_ line: String, _ number: Int) {
    let fields = LabelFields(line)
    guard fields.count > 0 else { return }
    guard fields.count == 5, let classIndex = Int(fields.texts[0]),
      let values = numbers(fields.texts.dropFirst())
    else {
      return report(
        .unparsableLine, number,
        "\(excerpt(line)) is not 'class x y width height'"
          + (fields.count == 5 ? "" : ": \(fields.count) fields instead of 5"))
    }
    guard values.allSatisfy(\.isFinite) else {
      return report(.notFinite, number, "'\(line.foreignToken)' has a number that is not finite")
    }
    let classes = classes ?? Self.mostClasses
    guard classIndex >= 0, classIndex < classes else {
      let expected = classes == 1 ? "expected 0" : "expected 0 to \(classes - 1)"
      return report(.classOutOfRange, number, "class \(classIndex), \(expected)")
    }
    let box = Box(x: values[0], y: values[1], width: values[2], height: values[3])
    guard judge(box, number) else { return }
    let labelled = LabelledBox(classIndex: classIndex, box: box)
    if let first = firstLine[labelled] {
      return report(.duplicateBox, number, "the same box and class as in line \(first)")
    }
    firstLine[labelled] = number
    boxes.append(labelled)
    boxLines.append(number)
  }

  /// Whether the box can be used; reports what is wrong with its place.
  private mutating func judge(_ box: Box, _ number: Int) -> Bool {
    let size = "x=\(box.x) y=\(box.y) width=\(box.width) height=\(box.height)"
    guard box.width > 0, box.height > 0 else {
      report(.zeroSize, number, "\(size): width and height must be above 0")
      return false
    }
    let (right, bottom) = (box.x + box.width / 2, box.y + box.height / 2)
    guard box.left < 1, box.top < 1, right > 0, bottom > 0 else {
      report(.boxOutside, number, "\(size): the box lies outside of the image")
      return false
    }
    let range = -Self.rounding...1 + Self.rounding
    if !(0...1).contains(box.x) || !(0...1).contains(box.y) {
      report(.centreOutside, number, "\(size): the centre lies outside of the image", .kept)
    } else if ![box.left, box.top, right, bottom].allSatisfy(range.contains) {
      report(.boxPartlyOutside, number, "\(size): the box reaches out of the image", .kept)
    }
    return true
  }

  /// Shares written with four decimals, as Darknet does itself, are off by so much at an edge.
  private static let rounding: Float = 1.5e-4

  private func numbers(_ fields: ArraySlice<Substring>) -> [Float]? {
    var values: [Float] = []
    for field in fields {
      // Hexadecimal numbers are none that Darknet reads.
      guard !field.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }),
        let value = Float(field)
      else {
        return nil
      }
      values.append(value)
    }
    return values
  }

  /// What a message shows of a line: numbers, and other text only in a file that has boxes.
  private func excerpt(_ line: String) -> String {
    let isNumeric = line.utf8.allSatisfy { "0123456789+-.eE,;: \t".utf8.contains($0) }
    return isNumeric || !boxes.isEmpty ? "'\(line.foreignToken)'" : "the line"
  }
}

/// What a line of a label file consists of: text between spaces and tabs.
struct LabelFields {
  /// The first fields, as many as a box has.
  let texts: [Substring]
  /// How many there are in all.
  let count: Int

  init(_ line: String) {
    var (texts, count): ([Substring], Int) = ([], 0)
    let bytes = line.utf8
    var start: String.Index?
    for index in bytes.indices {
      let isBlank = bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t")
      if !isBlank {
        start = start ?? index
      } else if let first = start {
        count += 1
        if count <= 5 { texts.append(line[first..<index]) }
        start = nil
      }
    }
    if let first = start {
      count += 1
      if count <= 5 { texts.append(line[first...]) }
    }
    (self.texts, self.count) = (texts, count)
  }
}
