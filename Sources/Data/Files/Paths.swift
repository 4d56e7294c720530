import Foundation

/// What a path leads to.
enum PathKind {
  case nothing, file, folder

  init(_ path: String) {
    var isFolder: ObjCBool = false
    let exists = unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    self = !exists ? .nothing : isFolder.boolValue ? .folder : .file
  }
}

/// Paths as text.
enum Paths {
  /// The part before the last slash; `.` where there is none.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The part after the last slash.
  static func name(of path: String) -> String {
    String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
  }

  /// The name without what follows its last dot.
  static func stem(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// What follows the last dot of the name, in lower case.
  static func ending(of path: String) -> String {
    let name = name(of: path)
    guard let dot = name.lastIndex(of: ".") else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }

  /// A path seen from a folder; one that starts at the root stays.
  static func join(_ folder: String, _ path: String) -> String {
    path.hasPrefix("/") || folder == "." ? path : folder == "/" ? "/" + path : folder + "/" + path
  }

  /// The files and folders in a folder, sorted; hidden ones left out.
  static func contents(of folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  /// Whether the name is that of a picture that can be decoded.
  static func isPicture(_ path: String) -> Bool {
    ["jpg", "jpeg", "png", "bmp", "gif", "tga", "ppm", "pgm", "pnm", "psd"]
      .contains(ending(of: path))
  }

  /// The pictures in a folder and the folders below it, as paths from that folder, sorted; hidden
  /// ones and those in hidden folders left out.
  static func pictures(below folder: String) -> [String] {
    let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return names.filter { name in
      isPicture(name) && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        && PathKind(join(folder, name)) == .file
    }.sorted()
  }
}
