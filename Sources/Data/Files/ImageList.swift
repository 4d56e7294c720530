import PenumbraSupport

/// A list of images: a path a line.
///
/// A path starts at the current folder, as in Darknet; what is not there is looked for from the
/// folder that holds the list. A line is taken as it stands, then without blanks at its ends. Empty
/// lines, which Darknet takes for entries, are none.
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
  public let faults: [DataFault]

  /// Reads a list, or collects the pictures in a folder and below it, sorted.
  public init(_ path: String, policy: FaultPolicy = .skip) throws(DataError) {
    self.path = path
    var faults = FaultCollection(policy)
    if PathKind(path) == .folder {
      let found = Paths.pictures(below: path)
      entries = found.names.map { Entry(path: Paths.join(path, $0), line: nil) }
      if let fault = found.fault(path) { try faults.add(fault) }
    } else {
      entries = try Self.read(path, &faults)
    }
    if entries.isEmpty, faults.faults.allSatisfy({ $0.effect == .kept }) {
      try faults.add(
        DataFault(.emptyList, file: path, "no image is listed here", effect: .imageLeftOut))
    }
    self.faults = faults.faults
  }

  private static func read(
    _ path: String, _ faults: inout FaultCollection
  ) throws(DataError) -> [Entry] {
    let text = try TextLines(path, as: .list)
    try text.check()
    let folder = Paths.folder(of: path)
    var entries: [Entry] = []
    var firstLine: [String: Int] = [:]
    for (index, line) in text.lines.enumerated() where !line.trimmedBlanks.isEmpty {
      guard let found = existing(line, folder) else {
        try faults.add(
          DataFault(
            .missingImage, file: path, line: index + 1,
            "there is no \(TextLines.shown(line)), neither from the current folder nor from the list's",
            effect: .imageLeftOut))
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

  private static func existing(_ line: String, _ folder: String) -> String? {
    let trimmed = line.trimmedBlanks
    return [line, Paths.join(folder, line), trimmed, Paths.join(folder, trimmed)]
      .first { PathKind($0) == .file }
  }
}
