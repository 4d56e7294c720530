/// A folder that may come from somebody else. A link in it must not be a way to have something else
/// read: what leads out of the folder is not followed.
package struct FolderBoundary {
  /// Without links; nil where nothing is there.
  private let root: String?

  package init(_ folder: String) { root = resolvedPath(folder) }

  /// Whether a path leads to the folder or to something in it, whatever links are on the way.
  package func contains(_ path: String) -> Bool {
    guard let root, let place = resolvedPath(path) else { return false }
    let prefix = root.hasSuffix("/") ? root : root + "/"
    return place.utf8.starts(with: prefix.utf8) || place.utf8.elementsEqual(root.utf8)
  }
}

/// The files of one suffix in a folder that may come from somebody else, and in the folders below it.
///
/// A link to a file out of the folder and anything that is no regular file are refused; a link to a
/// folder out of it is skipped.
package struct ContainedFiles {
  /// Sorted, as paths from the folder.
  package private(set) var names: [String] = []
  package private(set) var refused: [FileError] = []
  /// The links to folders out of the folder, which were skipped.
  package let outside: OutsideLinks

  /// - Parameter allowsOutside: whether links may lead out of the folder, for one that is trusted.
  package init(below root: String, suffix: String, allowsOutside: Bool = false) {
    let boundary = FolderBoundary(root)
    var walk = FolderWalk(allowsOutside: allowsOutside)
    let files = walk.files(below: root).filter { $0.hasSuffix(suffix) }.sorted()
    outside = walk.outside
    for name in files {
      let path = root.hasSuffix("/") ? root + name : root + "/" + name
      if FileStatus(path)?.kind != .regular {
        refused.append(FileError(path, .notRegular))
      } else if !allowsOutside, !boundary.contains(path) {
        refused.append(FileError(path, .outsideFolder))
      } else {
        names.append(name)
      }
    }
  }
}

/// Links to folders out of the folder that is searched.
package struct OutsideLinks {
  package internal(set) var paths: [String]

  package init(paths: [String] = []) { self.paths = paths }

  /// What is said of them, in one line; nil where there is none.
  package var problem: String? {
    guard let first = paths.first else { return nil }
    return paths.count == 1
      ? "\(first.shownPath) leads out of the folder that is searched; it is not followed"
      : "\(paths.count) links lead out of the folder that is searched, such as \(first.shownPath); they"
        + " are not followed"
  }
}
