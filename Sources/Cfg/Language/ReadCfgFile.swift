public import PenumbraSupport

extension CfgFile {
  /// No cfg is larger; a weights file in its place is.
  public static let largestFile = 16 << 20

  /// Reads a file.
  ///
  /// - Parameter companions: the files that the cfg may name.
  public init(
    contentsOf path: String, companions: CompanionAccess = .nearby
  ) throws(FileError) {
    self.init(bytes: try readFile(path, limit: Self.largestFile), name: path)
    self.companions = companions
  }
}
