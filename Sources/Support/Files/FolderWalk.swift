#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A search of a folder and the folders below it, which visits each folder once, however links lead.
///
/// Names that begin with a full stop are left out. A folder that a link leads to is visited unless it is
/// reached without that link, so that a file has one path, or lies out of the folder that is searched, so
/// that a link to `/` is not a search of the machine. Pipes and devices are found like files: those who
/// read them refuse them.
package struct FolderWalk {
  /// A folder by its device and inode.
  private struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64

    init(_ status: stat) {
      (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }
  }

  private enum Kind {
    case nothing, file
    case folder(Identity, isLink: Bool)
  }

  private let isRecursive: Bool
  private let allowsOutside: Bool
  private var boundary = FolderBoundary(".")
  /// Folders that are reached without a link that was not followed yet.
  private var reached: Set<Identity> = []
  /// Folders whose files were found, or are being.
  private var collected: Set<Identity> = []
  /// The links that were not followed, because they lead to folders that are visited anyway.
  package private(set) var skippedLinks: [String] = []
  /// The links that were not followed, because they lead to folders out of the one that is searched.
  package private(set) var outside = OutsideLinks()
  /// The folders that could not be read, with the system's reason.
  package private(set) var unreadable: [(folder: String, reason: String)] = []

  /// - Parameter allowsOutside: whether links may lead out of the folder, for one that is trusted.
  package init(isRecursive: Bool = true, allowsOutside: Bool = false) {
    (self.isRecursive, self.allowsOutside) = (isRecursive, allowsOutside)
  }

  /// The files below a folder, as paths from there: folder by folder in the order of names.
  package mutating func files(below root: String) -> [String] {
    var found: [String] = []
    (reached, collected) = ([], [])
    boundary = FolderBoundary(root)
    if let identity = Self.identity(root) {
      reached.insert(identity)
      collected.insert(identity)
    }
    if isRecursive { reachFolders(below: root) }
    collect(root, "", &found)
    return found
  }

  /// Notes the folders that are reached without links.
  private mutating func reachFolders(below root: String) {
    var waiting = [root]
    while let folder = waiting.popLast() {
      for name in Self.names(in: folder) ?? [] {
        guard case .folder(let identity, isLink: false) = Self.kind(folder + "/" + name) else {
          continue
        }
        if reached.insert(identity).inserted { waiting.append(folder + "/" + name) }
      }
    }
  }

  /// Depth is bounded by the length that the system allows for paths.
  private mutating func collect(_ folder: String, _ prefix: String, _ found: inout [String]) {
    guard let names = Self.names(in: folder) else {
      unreadable.append((folder, systemReason()))
      return
    }
    for name in names.sorted() {
      let path = folder + "/" + name
      switch Self.kind(path) {
      case .file: found.append(prefix + name)
      case .folder(let identity, let isLink):
        guard isRecursive, !isLink || follows(path, to: identity) else { continue }
        guard collected.insert(identity).inserted else { continue }
        if isLink { reachFolders(below: path) }
        collect(path, prefix + name + "/", &found)
      case .nothing: continue
      }
    }
  }

  /// Whether a link to a folder is followed; notes why not.
  private mutating func follows(_ link: String, to folder: Identity) -> Bool {
    if reached.contains(folder) {
      skippedLinks.append(link)
      return false
    }
    guard allowsOutside || boundary.contains(link) else {
      outside.paths.append(link)
      return false
    }
    reached.insert(folder)
    return true
  }

  private static func identity(_ path: String) -> Identity? { fileStatus(path).map(Identity.init) }

  private static func kind(_ path: String) -> Kind {
    guard let own = fileStatus(path, followsLinks: false) else { return .nothing }
    let isLink = own.st_mode & S_IFMT == S_IFLNK
    // A link may lead nowhere.
    guard let status = isLink ? fileStatus(path) : own else { return .nothing }
    return status.st_mode & S_IFMT == S_IFDIR ? .folder(Identity(status), isLink: isLink) : .file
  }

  /// The names in a folder that are not hidden; nil where it cannot be read, with `errno` set.
  private static func names(in folder: String) -> [String]? {
    folderEntries(folder)?.filter { !$0.hasPrefix(".") }
  }
}
