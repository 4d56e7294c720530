import PenumbraImaging
import PenumbraSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a path leads to.
enum PathKind {
  case nothing, file, folder
  /// A device, a pipe or a socket.
  case other

  init(_ path: String) {
    self =
      switch fileStatus(path).map({ $0.st_mode & S_IFMT }) {
      case nil: .nothing
      case S_IFDIR: .folder
      case S_IFREG: .file
      default: .other
      }
  }
}

/// What a path leads to, whatever it is called: device and inode. Nil where there is nothing.
struct FileIdentity: Hashable {
  private let device: UInt64
  private let inode: UInt64

  init?(_ path: String) {
    guard let status = fileStatus(path) else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
  }
}

/// Paths as text.
enum Paths {
  /// The part before the last slash; `.` where there is none.
  static func folder(of path: String) -> String {
    path.folderName
  }

  /// The folder that a folder is in.
  static func folderAbove(_ folder: String) -> String {
    folder == "." ? ".." : folder == "/" ? "/" : folder + "/.."
  }

  /// The part after the last slash.
  static func name(of path: String) -> String {
    path.fileName
  }

  /// The name without what follows its last dot.
  static func stem(of path: String) -> String {
    path.fileName.withoutExtension
  }

  /// What follows the last dot of the name, in lower case.
  static func ending(of path: String) -> String {
    path.fileExtension.lowercased()
  }

  /// A path seen from a folder; one that starts at the root stays.
  static func join(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") || folder == "." ? path : folder == "/" ? "/" + path : folder + "/" + path
  }

  /// Whether a path goes down from the folder that it is seen from, to something with a name.
  static func leadsDown(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, !name.isEmpty, name != "." else { return false }
    return !path.hasPrefix("/") && !path.utf8.contains(0) && !parts.contains("..")
  }

  /// The files and folders in a folder, sorted; hidden ones left out.
  static func contents(of folder: String) -> [String] {
    (folderEntries(folder) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The folders in a folder; links that lead out of it are returned for themselves.
  ///
  /// - Parameter boundary: the folder that they must not lead out of; by default the folder itself.
  static func folders(
    in folder: String, _ boundary: FolderBoundary? = nil
  ) -> (names: [String], outside: OutsideLinks) {
    let boundary = boundary ?? FolderBoundary(folder)
    let names = contents(of: folder).filter { PathKind(join(folder, $0)) == .folder }
    let inside = names.filter { boundary.contains(join(folder, $0)) }
    let outside = Set(names).subtracting(inside).sorted().map { join(folder, $0) }
    return (inside, OutsideLinks(paths: outside))
  }

  /// Whether the name is that of a picture that can be decoded.
  static func isPicture(_ path: String) -> Bool { FolderEntry.endings.contains(ending(of: path)) }

  /// What a folder and those below it have for somebody who looks for pictures.
  struct Pictures {
    /// Paths from that folder, sorted.
    var names: [String] = []
    var foreign = ForeignCount()
    var outside = OutsideLinks()

    /// What to say of the pictures that cannot be read, and of links that were not followed.
    func faults(_ folder: String) -> [DataFault] {
      var faults: [DataFault] = []
      if !foreign.isEmpty {
        faults.append(DataFault(.unreadableImage, file: folder, foreign.text, effect: .kept))
      }
      if let problem = outside.problem {
        faults.append(DataFault(.linkOutside, file: folder, problem, effect: .kept))
      }
      return faults
    }
  }

  /// The pictures in a folder and the folders below it, each of which is searched once; hidden ones,
  /// those in hidden folders and what links to folders elsewhere lead to left out.
  static func pictures(below folder: String) -> Pictures {
    var walk = FolderWalk()
    var found = Pictures()
    for name in walk.files(below: folder) {
      let path = join(folder, name)
      guard PathKind(path) == .file else { continue }
      switch FolderEntry(path) {
      case .picture: found.names.append(name)
      case .foreign(let kind): found.foreign.add(kind)
      case .other: break
      }
    }
    found.outside = walk.outside
    found.names.sort()
    return found
  }
}

extension FolderBoundary {
  /// - Throws: `DataError` for what nobody named and no command reads: a link that leads out of the folder,
  ///   a pipe or a device.
  func check(_ path: String) throws(DataError) {
    guard PathKind(path) != .other else {
      throw DataError(.unreadable(FileError(path, .notRegular)), file: path)
    }
    guard contains(path) else { throw DataError(.leadsOutside, file: path) }
  }
}
