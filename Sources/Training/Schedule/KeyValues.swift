import PenumbraCfg
import PenumbraEngine

/// Reads keys of one section by their names, with the defaults that the section's specification
/// states, so that each default stands in one place.
///
/// Inference passes over what only training reads; here a value that cannot be used is an error.
struct KeyValues {
  private var reader: SectionReader
  private let keys: [String: any KeyDescription]
  private var errors: [Diagnostic] = []

  /// - Parameter keys: the keys that can be read: the section's own, or those of every layer, which
  ///   are kept apart because a section may give one of their names another meaning.
  init(_ section: CfgFile.Section, _ spec: SectionSpec, keys: [any KeyDescription]? = nil) {
    reader = SectionReader(section, spec: spec)
    self.keys = Dictionary(
      (keys ?? spec.keys).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func has(_ name: String) -> Bool { reader.section.entry(name) != nil }

  // MARK: Values

  mutating func int(
    _ name: String, _ expected: String = "", where isUsable: (Int) -> Bool = { _ in true }
  ) -> Int {
    let key: Key<Int> = key(name)
    return number(name, key.fallback, expected, isUsable) { $0.read(key) }
  }

  mutating func optionalInt(_ name: String) -> Int? {
    let key: Key<Int?> = key(name)
    return value(name) { $0.read(key) }
  }

  mutating func float(
    _ name: String, _ expected: String = "", where isUsable: (Float) -> Bool = { _ in true }
  ) -> Float {
    let key: Key<Float> = key(name)
    return number(name, key.fallback, expected, isUsable) { $0.read(key) }
  }

  mutating func optionalFloat(_ name: String) -> Float? {
    let key: Key<Float?> = key(name)
    return value(name) { $0.read(key) }
  }

  mutating func flag(_ name: String) -> Bool {
    let key: Key<Bool> = key(name)
    return strictly { $0.read(key) }
  }

  mutating func ints(_ name: String) -> [Int]? {
    let key: Key<[Int]?> = key(name)
    return value(name) { $0.read(key) }
  }

  mutating func floats(_ name: String) -> [Float]? {
    let key: Key<[Float]?> = key(name)
    return value(name) { $0.read(key) }
  }

  /// The word of a key. One that nobody knows is an error, although Darknet puts another in its place:
  /// it would be learnt from for hours.
  mutating func word(_ name: String) -> String {
    let key: Key<String?> = key(name)
    guard has(name) else { return key.defaultText }
    return strictly { $0.read(key) } ?? key.wordFallback ?? key.defaultText
  }

  // MARK: Faults

  /// Reports a problem at a key's value, or at the section where the file does not set the key.
  mutating func report(_ problem: Problem, at name: String) {
    guard let entry = reader.section.entry(name) else {
      let section = reader.section
      errors.append(
        Diagnostic(problem, at: section.location, sourceLine: section.sourceLine))
      return
    }
    errors.append(Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine))
  }

  /// Throws everything that was wrong so far, here and in other keys of the same section.
  func check(with others: KeyValues? = nil) throws(CfgError) {
    let wrong = (errors + (others?.errors ?? [])).filter { $0.severity == .error }
    if !wrong.isEmpty { throw CfgError(wrong.sorted { $0.location.line < $1.location.line }) }
  }

  /// What is not as its author may believe, but can be trained.
  var warnings: [Diagnostic] { errors.filter { $0.severity != .error } }

  private func key<Value>(_ name: String) -> Key<Value> {
    guard let key = keys[name] as? Key<Value> else {
      preconditionFailure("[\(reader.spec.name)] declares no key '\(name)' of this type")
    }
    return key
  }

  /// A number that the reader replaced by its default cannot be trained with.
  private mutating func number<Value: Equatable>(
    _ name: String, _ fallback: Value, _ expected: String, _ isUsable: (Value) -> Bool,
    _ read: (inout SectionReader) -> Value
  ) -> Value {
    let known = reader.diagnostics.count
    let value = read(&reader)
    if value == fallback, let fault = reader.diagnostics.dropFirst(known).first(where: \.isWrong) {
      errors.append(fault.with(.error))
    } else if !isUsable(value) {
      report(.unusable(name, "\(value)", expected: expected), at: name)
      return fallback
    }
    return value
  }

  /// Whatever the reader finds wrong is an error.
  private mutating func strictly<Value>(_ read: (inout SectionReader) -> Value) -> Value {
    let known = reader.diagnostics.count
    let value = read(&reader)
    errors += reader.diagnostics.dropFirst(known).filter(\.isWrong).map { $0.with(.error) }
    return value
  }

  private mutating func value<Value>(
    _ name: String, _ read: (inout SectionReader) -> Value?
  ) -> Value? {
    let known = reader.diagnostics.count
    let value = read(&reader)
    if value == nil { errors += reader.diagnostics.dropFirst(known).map { $0.with(.error) } }
    return value
  }
}

extension Diagnostic {
  fileprivate var isWrong: Bool {
    [.notANumber, .outOfRange, .notOneOf].contains(problem.code)
  }
}
