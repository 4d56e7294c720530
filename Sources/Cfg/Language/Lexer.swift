/// Cuts the text of a cfg file into sections and options.
struct Lexer {
  private(set) var lines: [String]
  private(set) var sections: [CfgFile.Section] = []
  private(set) var diagnostics: [Diagnostic] = []
  private let name: String
  private var open: (name: String, location: SourceLocation, line: String)?
  private var entries: [CfgFile.Entry] = []
  /// The first entry of each key of the open section.
  private var firstOfKey: [String: Int] = [:]
  private var saidOptionOutside = false

  init(text: String, name: String) {
    self.name = name
    lines = Self.split(text)
  }

  /// Lines end at LF, CRLF or a lone CR; a byte order mark is skipped.
  private static func split(_ text: String) -> [String] {
    var lines: [String] = []
    var line = String.UnicodeScalarView()
    var previous: Unicode.Scalar = "\n"
    for scalar in text.unicodeScalars {
      if scalar == "\n", previous == "\r" {
        // The second half of CRLF.
      } else if scalar == "\n" || scalar == "\r" {
        lines.append(String(line))
        line = String.UnicodeScalarView()
      } else if scalar != "\u{FEFF}" || !lines.isEmpty || !line.isEmpty {
        line.append(scalar)
      }
      previous = scalar
    }
    if !line.isEmpty { lines.append(String(line)) }
    return lines
  }

  mutating func run() {
    for (index, line) in lines.enumerated() { read(line, number: index + 1) }
    closeSection()
    if sections.isEmpty, diagnostics.isEmpty {
      diagnostics.append(
        Diagnostic(.emptyFile, at: SourceLocation(file: name, line: 1, column: 1), sourceLine: ""))
    }
    if !isCfg { withholdText() }
  }

  /// Sections of which every network has one.
  private static let commonSections: Set = ["net", "network", "convolutional", "connected"]

  /// Whether the first text is a section and a section is one of a network.
  private var isCfg: Bool {
    !saidOptionOutside
      && (sections.isEmpty
        || sections.contains { Self.commonSections.contains($0.name.lowercased()) })
  }

  /// Keeps no text of a file that is not a cfg: a link or a mistyped path may lead to any file of the
  /// machine, and reports would quote it.
  private mutating func withholdText() {
    lines = []
    diagnostics.removeAll { $0.problem.code != .optionOutsideSection }
    sections = saidOptionOutside ? [] : sections.prefix(1).map(\.withoutText)
  }

  private mutating func read(_ line: String, number: Int) {
    let stripped = Stripped(line)
    switch stripped.scalars.first {
    case nil, "#", ";": return
    case "[": openSection(stripped, line, number)
    default: readOption(stripped, line, number)
    }
    if let invisible = stripped.invisible { report(invisible, of: stripped, line, number) }
  }

  /// Says which character of a line nobody sees; one of a line is enough.
  private mutating func report(
    _ invisible: (scalar: Unicode.Scalar, column: Int), of text: Stripped, _ line: String,
    _ number: Int
  ) {
    let equals = text.scalars.firstIndex(of: "=")
    let isValue = equals.map { text.columns[$0] < invisible.column } ?? false
    let part = text.scalars.first == "[" ? "section" : isValue ? "value" : "key"
    report(
      .invisible(invisible.scalar, in: part),
      SourceLocation(file: name, line: number, column: invisible.column), line)
  }

  private mutating func openSection(_ text: Stripped, _ line: String, _ number: Int) {
    closeSection()
    let location = location(text, 0..<text.scalars.count, number)
    var inner = text.scalars.dropFirst()
    if let end = inner.firstIndex(of: "]") {
      let tail = end + 1..<text.scalars.count
      if !tail.isEmpty {
        report(.textAfterSection(text.string(tail)), self.location(text, tail, number), line)
      }
      inner = inner[..<end]
    } else {
      report(.unclosedSection(String(String.UnicodeScalarView(inner))), location, line)
    }
    open = (String(String.UnicodeScalarView(inner)), location, line)
  }

  private mutating func readOption(_ text: Stripped, _ line: String, _ number: Int) {
    let equals = text.scalars.firstIndex(of: "=")
    let keyRange = 0..<(equals ?? text.scalars.count)
    let valueRange = (equals.map { $0 + 1 } ?? text.scalars.count)..<text.scalars.count
    let keyLocation = location(text, keyRange.isEmpty ? 0..<1 : keyRange, number)
    if equals == nil, let section = UnmarkedSection(key: text.string(keyRange)) {
      return report(.unmarkedSection(section.name), keyLocation, line)
    }
    guard open != nil else {
      // One report is enough: a file that starts wrongly has many such lines.
      if !saidOptionOutside { report(.optionOutsideSection, keyLocation, "") }
      saidOptionOutside = true
      return
    }
    if keyRange.isEmpty { return report(.missingKey, keyLocation, line) }
    let key = text.string(keyRange)
    if equals == nil { return report(.missingEquals(key, line: line), keyLocation, line) }
    if valueRange.isEmpty { return report(.missingValue(key), keyLocation, line) }
    let entry = CfgFile.Entry(
      key: key, value: text.string(valueRange), keyLocation: keyLocation,
      valueLocation: location(text, valueRange, number), sourceLine: line,
      valueColumns: Array(text.columns[valueRange]))
    if let first = firstOfKey[key].map({ entries[$0] }) {
      report(
        .duplicateKey(
          key, firstLine: first.keyLocation.line, firstValue: first.value,
          sameValue: first.value == entry.value),
        keyLocation, line)
    } else {
      firstOfKey[key] = entries.count
    }
    entries.append(entry)
  }

  private mutating func closeSection() {
    guard let section = open else { return }
    sections.append(
      CfgFile.Section(
        name: section.name, location: section.location, sourceLine: section.line, entries: entries))
    entries = []
    firstOfKey = [:]
    open = nil
  }

  private func location(_ text: Stripped, _ range: Range<Int>, _ line: Int) -> SourceLocation {
    let first = text.columns[range.lowerBound]
    let last = text.columns[range.upperBound - 1]
    return SourceLocation(file: name, line: line, column: first, length: last - first + 1)
  }

  private mutating func report(_ problem: Problem, _ at: SourceLocation, _ line: String) {
    diagnostics.append(Diagnostic(problem, at: at, sourceLine: line))
  }
}

/// A line without its whitespace, and where each remaining scalar was.
private struct Stripped {
  var scalars: [Unicode.Scalar] = []
  var columns: [Int] = []
  /// The first scalar that Darknet does not take for whitespace and no editor shows.
  var invisible: (scalar: Unicode.Scalar, column: Int)?

  init(_ line: String) {
    for (index, scalar) in line.unicodeScalars.enumerated() where scalar != " " && scalar != "\t" {
      if scalar.isInvisible {
        invisible = invisible ?? (scalar, index + 1)
      } else {
        scalars.append(scalar)
        columns.append(index + 1)
      }
    }
  }

  func string(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }
}

extension Unicode.Scalar {
  /// Zero, no-break and other spaces, and what Unicode calls format characters.
  fileprivate var isInvisible: Bool {
    switch value {
    case 0, 0x09...0x0D, 0x20, 0x85, 0xA0: true
    case ..<0xA0: false
    default: properties.isWhitespace || properties.generalCategory == .format
    }
  }
}
