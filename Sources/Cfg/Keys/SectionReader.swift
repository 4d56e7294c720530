/// Reads the typed keys of one section and collects what is wrong with them.
///
/// A value that cannot be read is reported and the default takes its place, so that one run finds
/// every mistake of a file. Keys that nobody declared are reported by `finish`.
public struct SectionReader {
  public let section: CfgFile.Section
  public let spec: SectionSpec
  public private(set) var diagnostics: [Diagnostic] = []
  private var keysRead: Set<String> = []
  /// Where the elements of each list are that something was reported at.
  private var elementRanges: [String: [Range<Int>]] = [:]

  public init(_ section: CfgFile.Section, spec: SectionSpec) {
    self.section = section
    self.spec = spec
  }

  // MARK: Keys

  public func has(_ key: any KeyDescription) -> Bool { section.entry(key.name) != nil }

  public mutating func read(_ key: Key<Int>) -> Int {
    scalar(key, .whole).map { Int($0) } ?? key.fallback
  }

  public mutating func read(_ key: Key<Int?>) -> Int? { scalar(key, .whole).map { Int($0) } }

  public mutating func read(_ key: Key<Bool>) -> Bool {
    scalar(key, .flag).map { $0 != 0 } ?? key.fallback
  }

  public mutating func read(_ key: Key<Float>) -> Float {
    scalar(key, .real).map { Float($0) } ?? key.fallback
  }

  public mutating func read(_ key: Key<Float?>) -> Float? { scalar(key, .real).map { Float($0) } }

  public mutating func read(_ key: Key<[Int]?>) -> [Int]? { list(key, .whole)?.map { Int($0) } }

  public mutating func read(_ key: Key<[Float]?>) -> [Float]? {
    list(key, .real)?.map { Float($0) }
  }

  /// The text of a key as it stands; nil for a word that is not among those the key takes.
  public mutating func read(_ key: Key<String?>) -> String? {
    guard let entry = entry(key.name) else { return nil }
    guard key.words.isEmpty || key.words.contains(entry.value) else {
      let severity = key.wordFallback == nil ? key.severity : .warning
      report(
        .notOneOf(
          key.name, found: entry.value, known: key.words, fallback: key.wordFallback,
          severity: severity),
        at: entry)
      return nil
    }
    return entry.value
  }

  // MARK: Reports

  /// Reports a problem at a key's value, or at the section where the file does not set the key.
  public mutating func report(_ problem: Problem, at key: (any KeyDescription)? = nil) {
    diagnostics.append(diagnostic(problem, at: key))
  }

  /// A problem that makes the section unusable, to be thrown.
  public func error(_ problem: Problem, at key: (any KeyDescription)? = nil) -> CfgError {
    CfgError([diagnostic(problem, at: key)])
  }

  /// Reports a problem at one element of a list.
  public mutating func report(_ problem: Problem, at key: any KeyDescription, element: Int) {
    guard let entry = section.entry(key.name) else { return report(problem, at: key) }
    report(problem, at: entry, element: element)
  }

  /// Whether an error was reported so far.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  private func diagnostic(_ problem: Problem, at key: (any KeyDescription)?) -> Diagnostic {
    if let entry = key.flatMap({ section.entry($0.name) }) {
      return Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine)
    }
    return Diagnostic(problem, at: section.location, sourceLine: section.sourceLine)
  }

  /// Reports a problem at the value of an entry, which may stand in another section.
  public mutating func report(_ problem: Problem, at entry: CfgFile.Entry) {
    diagnostics.append(
      Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine))
  }

  private mutating func report(_ problem: Problem, at entry: CfgFile.Entry, element: Int) {
    let location = entry.location(ofValue: range(of: element, in: entry))
    diagnostics.append(Diagnostic(problem, at: location, sourceLine: entry.sourceLine))
  }

  /// Checks the keys that were declared but not read, and names those that nobody declared.
  public mutating func finish(genericKeys: [any KeyDescription] = []) {
    let declared = spec.keys + genericKeys
    for key in declared where !keysRead.contains(key.name) { key.check(in: &self) }
    let names = declared.map(\.name)
    let known = Set(names)
    // A later duplicate of the same unknown key was reported as a duplicate.
    for (index, entry) in section.firstEntries.filter({ !known.contains($0.key) }).enumerated() {
      let candidates = index < Self.maxSuggestions ? names : []
      diagnostics.append(
        Diagnostic(
          .unknownKey(entry.key, section: spec.name, known: candidates), at: entry.keyLocation,
          sourceLine: entry.sourceLine))
    }
  }

  /// Unknown keys of a section for which a similar name is searched; nobody misspells more.
  private static let maxSuggestions = 256

  // MARK: Conversion

  private mutating func entry(_ key: String) -> CfgFile.Entry? {
    keysRead.insert(key)
    return section.entry(key)
  }

  private mutating func scalar<Value>(_ key: Key<Value>, _ kind: NumberKind) -> Double? {
    guard let entry = entry(key.name) else { return nil }
    let scanned = kind.scan(entry.value)
    guard scanned.length > 0 else {
      report(
        .notANumber(
          key.name, found: entry.value, expected: kind.expected, help: key.help(entry.value, kind),
          severity: key.severity),
        at: entry)
      return nil
    }
    guard key.limits?.contains(scanned.value) ?? (abs(scanned.value) <= 1e9) else {
      report(
        .outOfRange(
          key.name, found: entry.value, allowed: key.expectedRange, example: key.suggestion,
          severity: key.severity),
        at: entry)
      return nil
    }
    if !scanned.isWhole {
      report(tailProblem(key.name, entry.value, scanned, kind), at: entry)
    } else if let written = entry.splitNumber {
      report(.splitNumber(key.name, found: written, read: entry.value), at: entry)
    }
    return scanned.value
  }

  /// The elements of a list; nil when the key is absent or an element is unusable.
  private mutating func list<Value>(_ key: Key<Value>, _ kind: NumberKind) -> [Double]? {
    guard let entry = entry(key.name) else { return nil }
    if let list = entry.list(inASCII: kind) {
      report(.otherCharacters(key.name, meant: list, severity: key.severity), at: entry)
      return nil
    }
    if let numbers = entry.numbersWithoutCommas {
      report(.separators(key.name, numbers: numbers, severity: key.severity), at: entry)
      return nil
    }
    var values: [Double] = []
    var isUsable = true
    let elements = elements(of: entry, key).split(separator: ",", omittingEmptySubsequences: false)
    for (index, element) in elements.enumerated() {
      let scanned = kind.scan(element)
      if scanned.length == 0 {
        report(
          .notAnElement(
            key.name, found: String(element), meant: MeantNumber(element, kind).number,
            severity: key.severity), at: entry, element: index)
      } else if let limits = key.limits, !limits.contains(scanned.value) {
        report(
          .outOfRange(
            key.name, found: String(element), allowed: key.expectedRange, example: key.suggestion,
            severity: key.severity),
          at: entry, element: index)
      } else {
        if !scanned.isWhole {
          report(
            tailProblem(
              key.name, String(element), scanned, kind, inList: true, inLayers: key.namesLayers),
            at: entry, element: index)
        }
        values.append(scanned.value)
        continue
      }
      isUsable = false
    }
    return isUsable ? values : nil
  }

  /// The text of a list without a comment behind it and without a comma at its end.
  private mutating func elements<Value>(of entry: CfgFile.Entry, _ key: Key<Value>) -> Substring {
    var text = Substring(entry.value)
    if let comment = text.firstIndex(where: { $0 == "#" || $0 == ";" }), comment > text.startIndex {
      let commas = text[comment...].count { $0 == "," }
      report(
        commas > 0 && key.namesLayers
          ? .commentInList(key.name, count: text.count { $0 == "," } + 1)
          : .inlineComment(key.name, value: entry.value, kept: String(text[..<comment])),
        at: entry)
      text = text[..<comment]
    }
    if text.last == ",", text.count > 1 {
      report(
        .trailingComma(key.name, isError: key.namesLayers), at: entry,
        element: text.count { $0 == "," } - 1, isCommaAfter: true)
      while text.last == "," { text.removeLast() }
    }
    return text
  }

  /// Reports a problem at the comma behind an element.
  private mutating func report(
    _ problem: Problem, at entry: CfgFile.Entry, element: Int, isCommaAfter: Bool
  ) {
    let comma = range(of: element, in: entry).upperBound
    diagnostics.append(
      Diagnostic(
        problem, at: entry.location(ofValue: comma..<comma + 1), sourceLine: entry.sourceLine))
  }

  /// Where an element is, in scalars of the value; the ranges of a list are found once.
  private mutating func range(of element: Int, in entry: CfgFile.Entry) -> Range<Int> {
    if elementRanges[entry.key] == nil { elementRanges[entry.key] = entry.elementRanges }
    guard let ranges = elementRanges[entry.key], ranges.indices.contains(element) else {
      return 0..<0
    }
    return ranges[element]
  }

  /// - Parameters:
  ///   - inList: whether the number is one of several, where a second number in the same element
  ///     would be lost.
  ///   - inLayers: whether they name layers, so that another network would run.
  private func tailProblem(
    _ key: String, _ text: String, _ scanned: ScannedNumber, _ kind: NumberKind,
    inList: Bool = false, inLayers: Bool = false
  ) -> Problem {
    let tail = String(decoding: text.utf8.dropFirst(scanned.length), as: UTF8.self)
    let read = String(decoding: text.utf8.prefix(scanned.length), as: UTF8.self)
    if ["#", ";", "//", "/*"].contains(where: { tail.hasPrefix($0) }) {
      return .inlineComment(key, value: text, kept: read)
    }
    if tail.utf8.contains(UInt8(ascii: "=")), let next = tail.firstMatch(of: #/[A-Za-z_]\w*=/#) {
      return .secondKey(key, found: text, read: read, second: String(next.0.dropLast()))
    }
    let meant = MeantNumber(text, kind).number
    let isLost = inList && meant == nil && tail.contains(where: \.isNumber)
    return .numberWithTail(
      key, found: text, read: read, meant: meant,
      expected: isLost
        ? "all the numbers that are meant, separated by commas"
        : "\(kind.expected), and nothing after it",
      severity: isLost && inLayers ? .error : .warning)
  }
}

/// How the text of a number is read.
enum NumberKind {
  case whole, real, flag

  var expected: String {
    switch self {
    case .whole: "a whole number"
    case .real: "a number"
    case .flag: "0 or 1"
    }
  }

  func scan(_ text: some StringProtocol) -> ScannedNumber {
    self == .real ? .float(text) : .int(text)
  }
}

extension Key {
  /// What a value that cannot be read amounts to: training keys do no harm to inference.
  fileprivate var severity: Severity { purpose == .inference ? .error : .warning }

  fileprivate var expectedRange: String {
    if !allowedText.isEmpty { return allowedText }
    let limits = limits ?? -1e9...1e9
    return "\(numberText(limits.lowerBound)) to \(numberText(limits.upperBound))"
  }

  /// A value for a help text: the key's own, its default, or the least sensible one.
  fileprivate var suggestion: String {
    if let exampleText { return exampleText }
    if Value.self == Bool.self { return "1" }
    if Double(defaultText) != nil { return defaultText }
    return limits.map { numberText(max($0.lowerBound, min(1, $0.upperBound))) } ?? "1"
  }
}

extension Key {
  /// What to write instead of a text that is no number.
  fileprivate func help(_ found: String, _ kind: NumberKind) -> String {
    if let meant = MeantNumber(found, kind).number { return "write \(name)=\(meant)" }
    if let isOn = MeantNumber.flag(found) {
      if kind == .flag { return "write \(name)=\(isOn ? 1 : 0)" }
      if !isOn, defaultText == "0" { return "write \(name)=0" }
      let isUsualSwitch = defaultText == "0" && limits?.contains(1) ?? true
      return "write \(kind.expected), for example \(name)=\(isUsualSwitch ? "1" : suggestion)"
    }
    return kind == .flag
      ? "write \(name)=1 for yes, \(name)=0 for no" : "for example \(name)=\(suggestion)"
  }
}

extension CfgFile.Entry {
  /// Where each element of a comma-separated value is, in scalars of the value.
  var elementRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    var (start, offset) = (0, 0)
    for scalar in value.unicodeScalars {
      if scalar == "," {
        ranges.append(start..<offset)
        start = offset + 1
      }
      offset += 1
    }
    return ranges + [start..<offset]
  }
}
