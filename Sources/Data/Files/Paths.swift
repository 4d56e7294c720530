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

  /// The files and folders in a folder, sorted; hidden ones left out.
  static func contents(of folder: String) -> [String] {
    (folderEntries(folder) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Whether the name is that of a picture that can be decoded.
  static func isPicture(_ path: String) -> Bool { FolderEntry.endings.contains(ending(of: path)) }

  /// What a folder and those below it have for somebody who looks for pictures.
  struct Pictures {
    /// Paths from that folder, sorted.
    var names: [String] = []
    var foreign = ForeignCount()

    /// What to say of the pictures that cannot be read, where there are some.
    func fault(_ folder: String) -> DataFault? {
      foreign.isEmpty
        ? nil : DataFault(.unreadableImage, file: folder, foreign.text, effect: .kept)
    }
  }

  /// The pictures in a folder and the folders below it, each of which is searched once; hidden ones and
  /// those in hidden folders left out.
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
    found.names.sort()
    return found
  }
}
