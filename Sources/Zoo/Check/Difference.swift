/// One way in which a network is not what its record says.
public struct Difference: Hashable, Sendable, Codable {
  /// What was looked at.
  public enum Check: String, Hashable, Sendable, Codable, CaseIterable {
    /// Whether the file is there and recorded.
    case file
    case lint
    /// Sections, keys and shapes.
    case layers
    /// Parameters and BFLOPs.
    case cost
    case outputs
    case speed
  }

  public var check: Check
  /// The layer, nil for `[net]` and what concerns the whole.
  public var layer: Int?
  public var section: String?
  /// The key, statistic or total that differs.
  public var key: String?
  public var found: String?
  public var expected: String?
  /// The line of the cfg to look at.
  public var line: Int?
  /// The backend that computed it.
  public var backend: String?
  /// The whole in words, without the place.
  public var text: String

  init(
    _ check: Check, layer: Int? = nil, section: String? = nil, key: String? = nil,
    found: String? = nil, expected: String? = nil, line: Int? = nil, backend: String? = nil,
    _ text: String
  ) {
    (self.check, self.layer, self.section, self.key) = (check, layer, section, key)
    (self.found, self.expected, self.line) = (found, expected, line)
    (self.backend, self.text) = (backend, text)
  }

  /// `layer 4 [convolutional]: filters is 48, the record has 64`.
  public var description: String {
    let place = layer.map { "layer \($0) [\(section ?? "")]: " } ?? section.map { "[\($0)]: " }
    return (place ?? "") + text
  }
}
