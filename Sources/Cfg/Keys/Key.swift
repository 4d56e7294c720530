/// What a key influences.
public enum KeyPurpose: String, Sendable, Codable {
  /// The result of a forward pass, or the boxes made from it.
  case inference
  /// Training alone: read, checked and kept, without effect on inference.
  case training
  /// Nothing any more: known from published files, read by no program.
  case ignored
}

/// One typed key of a section: its name, default, range and meaning in one place.
///
/// A layer declares its keys as constants and reads them through `SectionReader.read`; the
/// documentation, the search for misspelt keys and the checks of values come from the same constants.
public struct Key<Value: Sendable>: Sendable {
  public let name: String
  /// What is read when the file does not set the key.
  public let fallback: Value
  /// The default as documented.
  public let defaultText: String
  /// The range of a number, or of each number of a list.
  public let limits: ClosedRange<Double>?
  /// The words a key takes, where it takes words.
  public let words: [String]
  public let meaning: String
  /// What Darknet does that one would not expect.
  public let quirk: String
  public let purpose: KeyPurpose
  /// What Darknet takes for a word it does not know, where it goes on; else such a word is an error.
  public let wordFallback: String?
  /// Whether the numbers name layers, where one too many joins a layer that nobody meant.
  public var namesLayers = false
  /// The range in words, where its bounds alone would mislead.
  private(set) var rangeText: String?
  /// A sensible value, for help texts.
  private(set) var exampleText: String?

  fileprivate init(
    _ name: String, fallback: Value, defaultText: String, limits: ClosedRange<Double>? = nil,
    words: [String] = [], wordFallback: String? = nil, _ meaning: String, _ quirk: String,
    _ purpose: KeyPurpose
  ) {
    self.name = name
    self.fallback = fallback
    self.defaultText = defaultText
    self.limits = limits
    self.words = words
    self.wordFallback = wordFallback
    self.meaning = meaning
    self.quirk = quirk
    self.purpose = purpose
  }

  /// The same key with its range in words.
  public func allowing(_ range: String) -> Self {
    var key = self
    key.rangeText = range
    return key
  }

  /// The same key with a value that help texts may suggest.
  public func example(_ value: String) -> Self {
    var key = self
    key.exampleText = value
    return key
  }

  /// The same key as a reference to a layer.
  public func namingLayers() -> Self {
    var key = self
    key.namesLayers = true
    return key
  }
}

extension Key where Value == Int {
  public init(
    _ name: String, default value: Int, in range: ClosedRange<Int> = -1_000_000_000...1_000_000_000,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: value, defaultText: "\(value)", limits: range.asDoubles, meaning, quirk,
      purpose)
  }
}

extension Key where Value == Int? {
  /// A number whose absence means something of its own, described by `defaultText`.
  public init(
    _ name: String, defaultText: String,
    in range: ClosedRange<Int> = -1_000_000_000...1_000_000_000,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: nil, defaultText: defaultText, limits: range.asDoubles, meaning, quirk,
      purpose)
  }
}

extension Key where Value == Bool {
  /// A switch: any number but 0 is on.
  public init(
    _ name: String, default value: Bool = false, _ meaning: String, quirk: String = "",
    _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: value, defaultText: value ? "1" : "0", meaning, quirk, purpose)
  }
}

extension Key where Value == Float {
  public init(
    _ name: String, default value: Float, in range: ClosedRange<Double> = -1e30...1e30,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: value, defaultText: numberText(value), limits: range, meaning, quirk,
      purpose)
  }
}

extension Key where Value == Float? {
  /// A number whose absence means something of its own, described by `defaultText`.
  public init(
    _ name: String, defaultText: String, in range: ClosedRange<Double> = -1e30...1e30,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: nil, defaultText: defaultText, limits: range, meaning, quirk, purpose)
  }
}

extension Key where Value == [Int]? {
  /// Numbers separated by commas.
  public init(
    _ name: String, defaultText: String = "none",
    in range: ClosedRange<Int> = -1_000_000_000...1_000_000_000,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: nil, defaultText: defaultText, limits: range.asDoubles, meaning, quirk,
      purpose)
  }
}

extension Key where Value == [Int]? {
  /// Layer references separated by commas: below 0 relative to this layer, else from the first.
  public static func layers(_ name: String, _ meaning: String, quirk: String = "") -> Self {
    Key(name, defaultText: "required", in: -1_000_000...1_000_000, meaning, quirk: quirk)
      .namingLayers()
  }
}

extension Key where Value == [Float]? {
  /// Numbers separated by commas.
  public init(
    _ name: String, defaultText: String = "none", in range: ClosedRange<Double> = -1e30...1e30,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    self.init(
      name, fallback: nil, defaultText: defaultText, limits: range, meaning, quirk, purpose)
  }
}

extension Key where Value == String? {
  /// Any text, such as the path of a file.
  public init(
    _ name: String, defaultText: String = "none", _ meaning: String, quirk: String = "",
    _ purpose: KeyPurpose = .inference
  ) {
    self.init(name, fallback: nil, defaultText: defaultText, meaning, quirk, purpose)
  }

  /// One of several words. Any other is an error, or a warning where `unknown` takes its place.
  public init(
    _ name: String, oneOf words: [String], defaultText: String, unknown: String? = nil,
    _ meaning: String, quirk: String = "", _ purpose: KeyPurpose = .inference
  ) {
    let other = unknown.map { "Any other word means \($0)." }
    self.init(
      name, fallback: nil, defaultText: defaultText, words: words, wordFallback: unknown, meaning,
      [other, quirk].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " "), purpose)
  }
}

extension ClosedRange where Bound == Int {
  var asDoubles: ClosedRange<Double> { Double(lowerBound)...Double(upperBound) }
}
