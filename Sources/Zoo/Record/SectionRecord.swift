import PenumbraCfg
import PenumbraEngine

/// A section as a record keeps it: what it is called, what it puts out, what it says.
public struct SectionRecord: Hashable, Sendable {
  /// The canonical name.
  public let name: String
  /// The shape of the output at the size of the record's run, `width×height×channels`.
  public let shape: String
  /// The keys that count, in file order.
  public let entries: [Entry]

  public struct Entry: Hashable, Sendable {
    public let key: String
    public let value: String
  }

  /// - Parameter shape: nil where it is not known.
  init(_ section: CfgFile.Section, shape: Shape?) {
    let isNet = NetSection.spec.names.contains(section.name)
    let spec = isNet ? NetSection.spec : LayerRegistry.builtin[section.name]?.spec
    name = spec?.name ?? section.name
    self.shape = shape.map(\.recordText) ?? ""
    entries = section.firstEntries.map { Entry(key: $0.key, value: $0.value) }
  }

  public func value(of key: String) -> String? { entries.first { $0.key == key }?.value }
}

// MARK: On one line

extension SectionRecord {
  /// `convolutional 26x26x64 filters=64 size=3 …`; nothing in it holds a blank.
  public var text: String {
    ([name, shape] + entries.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
  }

  public init?(text: String) {
    let words = text.split(separator: " ")
    guard words.count >= 2 else { return nil }
    name = String(words[0])
    shape = String(words[1])
    entries = words.dropFirst(2).map { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Entry(key: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
  }
}

extension Shape {
  fileprivate var recordText: String { isImage ? description : "\(channels)" }
}
