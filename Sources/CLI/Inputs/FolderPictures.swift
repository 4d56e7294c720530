import PenumbraImaging
import PenumbraSupport

/// The pictures of a folder, and what else in it shows something.
struct FolderPictures {
  private(set) var paths: [String] = []
  private(set) var foreign = ForeignCount()

  /// - Parameter isRecursive: whether folders below it count too.
  /// - Throws: `InputError` where the folder cannot be read.
  init(_ folder: String, isRecursive: Bool) throws {
    var walk = FolderWalk(isRecursive: isRecursive)
    let files = walk.files(below: folder)
    for (unreadable, reason) in walk.unreadable {
      guard unreadable != folder else {
        throw InputError(
          "\(folder.shownPath): the folder cannot be read: \(reason)",
          help: "check its permissions")
      }
      standardError("\(unreadable.shownPath): warning: the folder cannot be read: \(reason)")
    }
    for link in walk.skippedLinks {
      standardError(
        "note: \(link.shownPath) leads to a folder that is searched anyway; it is not followed")
    }
    noteOutside(walk.outside)
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    for file in files { addFile(prefix + file) }
  }

  private mutating func addFile(_ path: String) {
    switch FolderEntry(path) {
    case .picture: paths.append(path)
    case .foreign(let kind): foreign.add(kind)
    case .other: break
    }
  }
}

/// Says which links of a folder were not followed, where there are some.
func noteOutside(_ links: OutsideLinks, remedy: String = "") {
  if let problem = links.problem { standardError("note: \(problem)\(remedy)") }
}
