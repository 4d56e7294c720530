/// The files of one suffix in a folder that may come from somebody else, and in the folders below it.
///
/// A link in such a folder must not be a way to have another file read: a link that leads out of the
/// folder and anything that is no regular file are refused.
package struct ContainedFiles {
  /// Sorted, as paths from the folder.
  package private(set) var names: [String] = []
  package private(set) var refused: [FileError] = []

  /// - Parameter allowsOutside: whether links may lead out of the folder, for one that is trusted.
  package init(below root: String, suffix: String, allowsOutside: Bool = false) {
    let folder = resolvedPath(root)
    for name in FolderWalk.files(below: root, suffix: suffix) {
      let path = root.hasSuffix("/") ? root + name : root + "/" + name
      if FileStatus(path)?.kind != .regular {
        refused.append(FileError(path, .notRegular))
      } else if !allowsOutside, !Self.isInside(path, folder) {
        refused.append(FileError(path, .outsideFolder))
      } else {
        names.append(name)
      }
    }
  }

  private static func isInside(_ path: String, _ folder: String?) -> Bool {
    guard let folder, let file = resolvedPath(path) else { return false }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return file.utf8.starts(with: prefix.utf8)
  }
}
