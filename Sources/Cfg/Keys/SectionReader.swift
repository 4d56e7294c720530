/// Reads the typed keys of one section and collects what is wrong with them.
///
/// A value that cannot be read is reported and the default takes its place, so that one run finds
/// every mistake of a file. Keys that nobody declared are reported by `finish`.
public struct SectionReader {
  public let section: CfgFile.Section
  public let spec: SectionSpec
  public private(set) var diagnostics: [Diagnostic] = []
  private var keysRead: Set<String> = []

  public init(_ section: CfgFile.Section, spec: SectionSpec) {
    self.section = section
    self.spec = spec
  }

  // MARK: Keys

  public func has(_ key: any KeyDescription) -> Bool { section.entry(key.name) != nil }

  public mutating func read(_ key: Key<Int>) -> Int {
    integer(key.name, key.limits, example: key.fallback) ?? key.fallback
  }

  public mutating func read(_ key: Key<Int?>) -> Int? {
    integer(key.name, key.limits, example: nil)
  }

  public mutating func read(_ key: Key<Bool>) -> Bool {
    integer(key.name, nil, example: 1).map { $0 != 0 } ?? key.fallback
  }

  public mutating func read(_ key: Key<Float>) -> Float {
    number(key.name, key.limits, example: key.fallback) ?? key.fallback
  }

  public mutating func read(_ key: Key<Float?>) -> Float? {
    number(key.name, key.limits, example: nil)
  }

  public mutating func read(_ key: Key<[Int]?>) -> [Int]? {
    list(key.name, key.limits, namesLayers: key.namesLayers, scan: { .int($0) })?.map { Int($0) }
  }

  public mutating func read(_ key: Key<[Float]?>) -> [Float]? {
    list(key.name, key.limits, namesLayers: false, scan: { .float($0) })?.map { Float($0) }
  }

  /// The text of a key as it stands.
  public mutating func read(_ key: Key<String?>) -> String? {
    guard let entry = entry(key.name) else { return nil }
    guard key.words.isEmpty || key.words.contains(entry.value) else {
      report(.notOneOf(key.name, found: entry.value, known: key.words, fallback: nil), at: entry)
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
    let range = entry.elementRange(element)
    diagnostics.append(
      Diagnostic(problem, at: entry.location(ofValue: range), sourceLine: entry.sourceLine))
  }

  private func diagnostic(_ problem: Problem, at key: (any KeyDescription)?) -> Diagnostic {
    if let entry = key.flatMap({ section.entry($0.name) }) {
      return Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine)
    }
    return Diagnostic(problem, at: section.location, sourceLine: section.sourceLine)
  }

  /// Checks the keys that were declared but not read, and names those that nobody declared.
  public mutating func finish(genericKeys: [any KeyDescription] = []) {
    let declared = spec.keys + genericKeys
    for key in declared where !keysRead.contains(key.name) { key.check(in: &self) }
    let names = declared.map(\.name)
    for entry in section.entries where !names.contains(entry.key) {
      // A later duplicate of the same unknown key was reported as a duplicate.
      guard section.entry(entry.key)?.keyLocation == entry.keyLocation else { continue }
      diagnostics.append(
        Diagnostic(
          .unknownKey(
            entry.key, section: spec.name, nearest: nearestName(to: entry.key, in: names)),
          at: entry.keyLocation, sourceLine: entry.sourceLine))
    }
  }

  // MARK: Conversion

  private mutating func entry(_ key: String) -> CfgFile.Entry? {
    keysRead.insert(key)
    return section.entry(key)
  }

  private mutating func report(_ problem: Problem, at entry: CfgFile.Entry) {
    diagnostics.append(
      Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine))
  }

  private mutating func integer(_ key: String, _ limits: ClosedRange<Double>?, example: Int?)
    -> Int?
  {
    guard let entry = entry(key) else { return nil }
    let scanned = ScannedNumber.int(entry.value)
    return scalar(entry, scanned, limits, "a whole number", example.map(Double.init))
      .map { Int($0) }
  }

  private mutating func number(_ key: String, _ limits: ClosedRange<Double>?, example: Float?)
    -> Float?
  {
    guard let entry = entry(key) else { return nil }
    let scanned = ScannedNumber.float(entry.value)
    return scalar(entry, scanned, limits, "a number", example.map(Double.init)).map { Float($0) }
  }

  private mutating func scalar(
    _ entry: CfgFile.Entry, _ scanned: ScannedNumber, _ limits: ClosedRange<Double>?,
    _ expected: String, _ example: Double?
  ) -> Double? {
    let example = numberText(example ?? limits.map { max($0.lowerBound, 1) } ?? 1)
    guard scanned.length > 0 else {
      report(
        .notANumber(entry.key, found: entry.value, expected: expected, example: example), at: entry)
      return nil
    }
    if !scanned.isWhole {
      let tail = entry.value.utf8.dropFirst(scanned.length).first
      let read = String(decoding: entry.value.utf8.prefix(scanned.length), as: UTF8.self)
      report(
        tail == UInt8(ascii: "#") || tail == UInt8(ascii: ";") || tail == UInt8(ascii: "/")
          ? .inlineComment(entry.key, value: entry.value, kept: read)
          : .numberWithTail(entry.key, found: entry.value, read: read),
        at: entry)
    }
    return checked(scanned.value, entry, limits, example, at: nil)
  }

  private mutating func checked(
    _ value: Double, _ entry: CfgFile.Entry, _ limits: ClosedRange<Double>?, _ example: String,
    at element: Int?
  ) -> Double? {
    let limits = limits ?? -1e9...1e9
    if limits.contains(value) { return value }
    let location = element.map { entry.location(ofValue: entry.elementRange($0)) }
    diagnostics.append(
      Diagnostic(
        .outOfRange(
          entry.key, found: value.isFinite ? numberText(value) : "too large a number",
          allowed: "\(numberText(limits.lowerBound)) to \(numberText(limits.upperBound))",
          example: example),
        at: location ?? entry.valueLocation, sourceLine: entry.sourceLine))
    return nil
  }

  /// The elements of a list; nil when the key is absent or an element is unusable.
  private mutating func list(
    _ key: String, _ limits: ClosedRange<Double>?, namesLayers: Bool,
    scan: (Substring) -> ScannedNumber
  ) -> [Double]? {
    guard let entry = entry(key) else { return nil }
    var text = Substring(entry.value)
    if let comment = text.firstIndex(where: { $0 == "#" || $0 == ";" }) {
      let tail = text[comment...]
      let commas = tail.count { $0 == "," }
      report(
        commas > 0 && namesLayers
          ? .commentInList(key, count: text.count { $0 == "," } + 1)
          : .inlineComment(key, value: entry.value, kept: String(text[..<comment])),
        at: entry)
      text = text[..<comment]
    }
    if text.last == "," {
      report(.trailingComma(key, isError: namesLayers), at: entry)
      while text.last == "," { text.removeLast() }
    }
    var values: [Double] = []
    for (index, element) in text.split(separator: ",", omittingEmptySubsequences: false)
      .enumerated()
    {
      let scanned = scan(element)
      guard scanned.length > 0, scanned.isWhole else {
        diagnostics.append(
          Diagnostic(
            .notANumber(
              key, found: String(element), expected: "numbers separated by commas", example: "1,2"),
            at: entry.location(ofValue: entry.elementRange(index)), sourceLine: entry.sourceLine))
        return nil
      }
      guard let value = checked(scanned.value, entry, limits, "1", at: index) else { return nil }
      values.append(value)
    }
    return values
  }
}

extension CfgFile.Entry {
  /// Where element `index` of a comma-separated value stands, in scalars of the value.
  func elementRange(_ index: Int) -> Range<Int> {
    var start = 0
    var element = 0
    let scalars = Array(value.unicodeScalars)
    for (offset, scalar) in scalars.enumerated() where scalar == "," {
      if element == index { return start..<offset }
      element += 1
      start = offset + 1
    }
    return start..<scalars.count
  }
}
