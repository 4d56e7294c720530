public import PenumbraCfg

extension Graph {
  /// What keeps pictures from being the network's input: a number of channels that no picture has.
  ///
  /// - Parameter file: the cfg that the graph was built from.
  /// - Returns: a warning at `channels`; nil where pictures can be read, and for a flat input.
  public func pictureProblem(in file: CfgFile) -> Diagnostic? {
    guard net.input.isImage, ![1, 3].contains(net.input.channels),
      let section = file.sections.first
    else { return nil }
    let entry = section.entry(NetSection.channels.name)
    return Diagnostic(
      .channelsOfNoPicture(net.input.channels), at: entry?.valueLocation ?? section.location,
      sourceLine: entry?.sourceLine ?? section.sourceLine)
  }
}

extension Problem {
  fileprivate static func channelsOfNoPicture(_ channels: Int) -> Problem {
    Problem(
      .outOfRange, .warning,
      "'channels' is \(channels), but pictures are read with 1 channel (grey) or 3 (red, green, blue)",
      help: "write channels=3 or channels=1; other inputs can be run through the library alone")
  }
}
