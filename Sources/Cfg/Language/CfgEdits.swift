import PenumbraSupport

/// New lines for some of the lines of a cfg file. All other bytes stay as they are, whatever the
/// encoding of the comments and the ends of the lines.
public struct CfgEdits: Sendable {
  /// What stands in place of each edited line, by its number from 1; nothing removes the line.
  private var replacements: [Int: [String]] = [:]

  public init() {}

  public var isEmpty: Bool { replacements.isEmpty }

  /// The text of the line as edited so far; nil where it was not edited.
  public subscript(line: Int) -> [String]? {
    get { replacements[line] }
    set { replacements[line] = newValue }
  }

  /// The edited file, encoded as it was. New lines end as the line does that they replace.
  public func applied(to bytes: [UInt8]) -> [UInt8] {
    let encoding = TextEncoding(markOf: bytes)
    guard encoding == .utf8 else {
      return encoding.encoded(applied(to: encoding.decoded(bytes)))
    }
    var result: [UInt8] = []
    var (start, number) = (bytes.startIndex, 1)
    while start < bytes.endIndex {
      let (text, end) = Self.line(of: bytes, from: start)
      if let lines = replacements[number] {
        if start == 0, bytes.starts(with: encoding.mark) { result += encoding.mark }
        let ending = text < end ? Array(bytes[text..<end]) : [UInt8(ascii: "\n")]
        for line in lines { result += Array(line.utf8) + ending }
      } else {
        result += bytes[start..<end]
      }
      (start, number) = (end, number + 1)
    }
    return result
  }

  /// Where the text of a line ends and where the next line starts, as the lexer sees it.
  private static func line(of bytes: [UInt8], from start: Int) -> (text: Int, end: Int) {
    guard let text = bytes[start...].firstIndex(where: { $0 == 10 || $0 == 13 }) else {
      return (bytes.endIndex, bytes.endIndex)
    }
    let isPair = bytes[text] == 13 && text + 1 < bytes.endIndex && bytes[text + 1] == 10
    return (text, text + (isPair ? 2 : 1))
  }
}

extension CfgFile.Entry {
  /// The line with other whole numbers in its list, all else as it stands.
  ///
  /// - Parameter transform: gives each number its successor; one that stays keeps its spelling.
  public func line(mappingNumbers transform: (Int) -> Int) -> String {
    var line = Array(sourceLine.unicodeScalars)
    // From the right, so that the places further left stay true.
    for (range, number) in numbers.reversed() where transform(number) != number {
      let first = valueColumns[range.lowerBound] - 1
      let last = valueColumns[range.upperBound - 1] - 1
      line.replaceSubrange(first...last, with: "\(transform(number))".unicodeScalars)
    }
    return String(String.UnicodeScalarView(line))
  }

  /// The whole numbers of the list and where each stands in the value; a comment ends the list.
  private var numbers: [(range: Range<Int>, number: Int)] {
    let scalars = Array(value.unicodeScalars)
    let end = scalars.dropFirst().firstIndex { $0 == "#" || $0 == ";" } ?? scalars.count
    return scalars[..<end].split(separator: ",").compactMap { element in
      let scanned = ScannedNumber.int(String(String.UnicodeScalarView(element)))
      guard scanned.length > 0, let number = Int(exactly: scanned.value) else { return nil }
      return (element.startIndex..<element.startIndex + scanned.length, number)
    }
  }
}
