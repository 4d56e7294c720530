import PenumbraSupport

/// A list of images: a path a line.
///
/// Where relative paths start, and how a line is read, is `NamedPath`'s rule. Empty lines, which
/// Darknet takes for entries, are none.
public struct ImageList: Sendable {
  public struct Entry: Hashable, Sendable {
    /// Where the image is.
    public let path: String
    /// The line of the list, from 1; nil for an image found in a folder.
    public let line: Int?
  }

  /// The list, or the folder.
  public let path: String
  public let entries: [Entry]
  public let faults: DataFaults
  /// Images that are named, missing ones among them.
  let listed: Int

  /// Reads a list, or collects the pictures in a folder and below it, sorted.
  public init(_ path: String, policy: FaultPolicy = .skip) throws(DataError) {
    self.path = path
    var faults = FaultCollection(policy)
    if PathKind(path) == .folder {
      let found = Paths.pictures(below: path)
      entries = found.names.map { Entry(path: Paths.join(path, $0), line: nil) }
      for fault in found.faults(path) { try faults.add(fault) }
    } else {
      entries = try Self.read(path, &faults)
    }
    if entries.isEmpty, faults.faults.allSatisfy({ $0.effect == .kept }) {
      try faults.add(
        DataFault(
          .emptyList, file: path, UnusableImages.nothingListed(path), effect: .imageLeftOut))
    }
    self.faults = faults.faults
    listed = entries.count + faults.faults.count(of: .missingImage)
  }

  /// Where the image of a line is; without whitespace at its ends where it is nowhere.
  public static func path(_ line: String, listedIn list: String) -> String {
    NamedPath.found(line, namedBy: list) { PathKind($0) != .nothing } ?? line.trimmedBlanks
  }

  private static func read(
    _ path: String, _ faults: inout FaultCollection
  ) throws(DataError) -> [Entry] {
    let text = try TextLines(path, as: .list, limit: 1 << 30)
    try text.check()
    var entries: [Entry] = []
    var firstLine: [String: Int] = [:]
    for (index, line) in text.lines.enumerated() where !line.trimmedBlanks.isEmpty {
      guard let found = NamedPath.found(line, namedBy: path, where: { PathKind($0) == .file })
      else {
        try faults.add(
          DataFault(
            .missingImage, file: path, line: index + 1, missing(line, path), effect: .imageLeftOut))
        continue
      }
      if let first = firstLine[found] {
        try faults.add(
          DataFault(
            .duplicateImage, file: path, line: index + 1,
            "\(TextLines.shown(line)) is listed in line \(first) already", effect: .kept))
      }
      firstLine[found] = firstLine[found] ?? index + 1
      entries.append(Entry(path: found, line: index + 1))
    }
    return entries
  }

  private static func missing(_ line: String, _ list: String) -> String {
    var other = "a folder"
    let isThere = NamedPath.found(line, namedBy: list) { path in
      let kind = PathKind(path)
      if kind == .other { other = "a device or a pipe" }
      return kind != .nothing
    }
    return isThere != nil
      ? "\(TextLines.shown(line)) is \(other), a picture was expected"
      : "\(TextLines.shown(line)) is not there: \(NamedPath.rule)"
  }
}
