/// A layer of Penumbra's dialect that sections of plain Darknet can stand for.
public protocol DialectLayer: Layer {
  /// The sections in file order, with the same weights (none) and the same output to the bit; the
  /// last one's output is the layer's.
  var darknetSections: [DarknetSection] { get }
}

/// A section of plain Darknet, before its references have numbers.
public struct DarknetSection: Hashable, Sendable {
  /// A layer that the section reads.
  public enum Source: Hashable, Sendable {
    /// The nth of the inputs of the layer that is replaced.
    case input(Int)
    /// The nth of the sections that replace it.
    case section(Int)
  }

  public struct Entry: Hashable, Sendable {
    public let key: String
    public let value: Int
  }

  public let name: String
  /// What `layers` names; empty for a section that reads the one before it.
  public let layers: [Source]
  public let entries: [Entry]

  /// `[route]` of one of `groups` parts of an input.
  static func part(_ index: Int, of groups: Int) -> DarknetSection {
    DarknetSection(
      name: "route", layers: [.input(0)],
      entries: [Entry(key: "groups", value: groups), Entry(key: "group_id", value: index)])
  }

  /// `[route]` that joins the first `count` sections.
  static func joining(_ count: Int) -> DarknetSection {
    DarknetSection(name: "route", layers: (0..<count).map { .section($0) }, entries: [])
  }

  /// `[maxpool]` across channels.
  static func maxout(to channels: Int) -> DarknetSection {
    // Without 'size' and 'stride' Darknet counts the same, but says that it misses them.
    let values = [("maxpool_depth", 1), ("out_channels", channels), ("size", 1), ("stride", 1)]
    return DarknetSection(
      name: "maxpool", layers: [], entries: values.map { Entry(key: $0.0, value: $0.1) })
  }
}
