/// What is known about a section before any file is read: names, keys, and how far it is supported.
public struct SectionSpec: Sendable {
  /// The canonical name, as it stands between the brackets.
  public let name: String
  public let aliases: [String]
  /// One sentence for the documentation.
  public let summary: String
  public let keys: [any KeyDescription]

  public init(_ name: String, aliases: [String] = [], _ summary: String, keys: [any KeyDescription])
  {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.keys = keys
  }

  public var names: [String] { [name] + aliases }
}

/// A key of any type, for documentation and checks.
public protocol KeyDescription: Sendable {
  var name: String { get }
  var typeName: String { get }
  var defaultText: String { get }
  /// The range or the words allowed; empty where anything goes.
  var allowedText: String { get }
  var meaning: String { get }
  var quirk: String { get }
  var purpose: KeyPurpose { get }
  /// Whether the key's numbers name layers.
  var namesLayers: Bool { get }
  /// Reads the key for the sake of its diagnostics.
  func check(in section: inout SectionReader)
}

extension Key: KeyDescription {
  public var typeName: String {
    switch Value.self {
    case is Int.Type, is Int?.Type: "int"
    case is Bool.Type: "0 or 1"
    case is Float.Type, is Float?.Type: "number"
    case is [Int]?.Type: "ints"
    case is [Float]?.Type: "numbers"
    default: words.isEmpty ? "text" : "word"
    }
  }

  public var allowedText: String {
    if !words.isEmpty { return words.joined(separator: ", ") }
    if let rangeText { return rangeText }
    guard let limits, limits.upperBound < 1e9 || limits.lowerBound > -1e9 else { return "" }
    if limits.upperBound >= 1e9 { return "at least \(numberText(limits.lowerBound))" }
    return "\(numberText(limits.lowerBound)) to \(numberText(limits.upperBound))"
  }

  public func check(in section: inout SectionReader) {
    switch self {
    case let key as Key<Int>: _ = section.read(key)
    case let key as Key<Int?>: _ = section.read(key)
    case let key as Key<Bool>: _ = section.read(key)
    case let key as Key<Float>: _ = section.read(key)
    case let key as Key<Float?>: _ = section.read(key)
    case let key as Key<[Int]?>: _ = section.read(key)
    case let key as Key<[Float]?>: _ = section.read(key)
    case let key as Key<String?>: _ = section.read(key)
    default: preconditionFailure("a key has a type that SectionReader cannot read")
    }
  }
}

/// A number without needless decimals.
func numberText(_ value: some BinaryFloatingPoint & LosslessStringConvertible) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}
