import PenumbraImaging
import PenumbraSupport

/// The pictures of a folder, and what else in it shows something.
struct FolderPictures {
  private(set) var paths: [String] = []
  private(set) var foreign = ForeignCount()

  /// - Parameter isRecursive: whether folders below it count too.
  /// - Throws: `InputError` where a folder cannot be read.
  init(_ folder: String, isRecursive: Bool) throws { try add(folder, isRecursive) }

  private mutating func add(_ folder: String, _ isRecursive: Bool) throws {
    guard let names = folderEntries(folder) else {
      throw InputError(
        "\(folder.shownPath): the folder cannot be read: \(systemReason())",
        help: "check its permissions")
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    for name in names.sorted() where !name.hasPrefix(".") {
      let path = prefix + name
      switch isFolder(path) {
      case true?: if isRecursive { try add(path, true) }
      case false?: addFile(path)
      case nil: break
      }
    }
  }

  private mutating func addFile(_ path: String) {
    switch FolderEntry(path) {
    case .picture: paths.append(path)
    case .foreign(let kind): foreign.add(kind)
    case .other: break
    }
  }
}
