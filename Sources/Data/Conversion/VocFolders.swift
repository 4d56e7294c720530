import PenumbraSupport

/// The folders with VOC annotations that a folder means: itself, or those at most three levels below.
struct VocFolders {
  private(set) var paths: [String] = []
  /// The links that were not followed, because they lead to folders elsewhere.
  private(set) var outside = OutsideLinks()
  private let boundary: FolderBoundary

  init(below root: String) {
    boundary = FolderBoundary(root)
    search(root, levels: 3)
  }

  private mutating func search(_ folder: String, levels: Int) {
    guard Self.files(folder).isEmpty else { return paths.append(folder) }
    guard levels > 0 else { return }
    let below = Paths.folders(in: folder, boundary)
    outside = OutsideLinks(paths: outside.paths + below.outside.paths)
    let names = below.names.contains("Annotations") ? ["Annotations"] : below.names
    for name in names { search(Paths.join(folder, name), levels: levels - 1) }
  }

  static func files(_ folder: String) -> [String] {
    Paths.contents(of: folder).filter { Paths.ending(of: $0) == "xml" }
      .map { Paths.join(folder, $0) }
  }
}
