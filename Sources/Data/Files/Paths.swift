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

  init(_ path: String) {
    self = isFolder(path).map { $0 ? .folder : .file } ?? .nothing
  }
}

/// Paths as text.
enum Paths {
  /// The part before the last slash; `.` where there is none.
  static func folder(of path: String) -> String {
    path.folderName
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

  /// The pictures in a folder and the folders below it; hidden ones and those in hidden folders left
  /// out.
  static func pictures(below folder: String) -> Pictures {
    var found = Pictures()
    collect(folder, from: "", &found)
    found.names.sort()
    return found
  }

  /// Links to folders are not followed, so that there are no loops.
  private static func collect(_ folder: String, from prefix: String, _ found: inout Pictures) {
    for name in contents(of: folder) {
      let path = join(folder, name)
      guard let kind = fileStatus(path, followsLinks: false)?.st_mode else { continue }
      if kind & S_IFMT == S_IFDIR {
        collect(path, from: prefix + name + "/", &found)
      } else if PathKind(path) == .file {
        switch FolderEntry(path) {
        case .picture: found.names.append(prefix + name)
        case .foreign(let kind): found.foreign.add(kind)
        case .other: break
        }
      }
    }
  }
}
