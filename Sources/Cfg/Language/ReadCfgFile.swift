public import PenumbraSupport

extension CfgFile {
  /// No cfg is larger; a weights file in its place is.
  public static let largestFile = 16 << 20

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - companions: the files that the cfg may name.
  ///   - source: where the path is from.
  public init(
    contentsOf path: String, companions: CompanionAccess = .nearby, from source: FileSource = .named
  ) throws(FileError) {
    self.init(bytes: try readFile(path, limit: Self.largestFile, from: source), name: path)
    self.companions = companions
  }
}
