import Foundation
import PenumbraCfg
import PenumbraSupport

/// A picture's path, and where it comes from.
struct PicturePath: Sendable {
  let path: String
  let source: FileSource

  static func named(_ path: String) -> Self { Self(path: path, source: .named) }
  static func found(_ path: String) -> Self { Self(path: path, source: .found) }
}

/// The pictures that a command's arguments mean, in their order.
///
/// An argument is a file, a folder (the pictures in it, sorted), a pattern with `*`, `?` or `[…]`,
/// `@list.txt` (a path a line) or `-` (a path a line on stdin). What exists under its very name is
/// taken as that.
struct InputList {
  fileprivate enum Source {
    case file(PicturePath)
    case standardInput
  }

  private let sources: [Source]
  /// Folders below a folder count too.
  private let isRecursive: Bool

  init(_ arguments: [String], isRecursive: Bool = false) throws {
    self.isRecursive = isRecursive
    sources = try arguments.flatMap { argument -> [Source] in
      if argument == "-" { return [.standardInput] }
      return try Self.files(argument, isRecursive).map(Source.file)
    }
  }

  /// The number of pictures; nil when stdin decides.
  var count: Int? {
    sources.contains { if case .standardInput = $0 { true } else { false } } ? nil : sources.count
  }

  /// The paths known before anything is read from stdin.
  var knownPaths: [String] {
    sources.compactMap { if case .file(let file) = $0 { file.path } else { nil } }
  }

  /// Gives the paths one by one, nil at the end; reads stdin only when its turn comes.
  func makeCursor() -> Cursor { Cursor(sources) }

  /// Walks the list once. Used by one thread at a time, handed over at its start: hence `Sendable`.
  final class Cursor: @unchecked Sendable {
    private var rest: ArraySlice<Source>

    fileprivate init(_ sources: [Source]) { rest = sources[...] }

    func next() -> PicturePath? {
      while let source = rest.first {
        switch source {
        case .file(let file):
          rest.removeFirst()
          return file
        case .standardInput:
          if let line = nextInputLine() { return .found(line) }
          rest.removeFirst()
        }
      }
      return nil
    }
  }

  // MARK: Arguments

  private static func files(_ argument: String, _ isRecursive: Bool) throws -> [PicturePath] {
    if let isFolder = isFolder(argument) {
      return isFolder
        ? try pictures(in: argument, isRecursive).map(PicturePath.found) : [.named(argument)]
    }
    if argument.hasPrefix("@") {
      return try paths(listedIn: String(argument.dropFirst())).map(PicturePath.found)
    }
    guard argument.contains(where: { "*?[".contains($0) }) else { return [.named(argument)] }
    let matches = matches(of: argument)
    guard !matches.isEmpty else {
      throw InputError(
        "\(argument): no file has such a name", help: "check the pattern", status: .notFound)
    }
    return try matches.flatMap { try files($0, isRecursive) }
  }

  private static let extensions: Set = [
    "jpg", "jpeg", "png", "bmp", "gif", "tga", "ppm", "pgm", "pnm", "psd",
  ]

  private static func pictures(in folder: String, _ isRecursive: Bool) throws -> [String] {
    let found = try everyPicture(below: folder, isRecursive)
    guard !found.isEmpty else {
      throw InputError(
        "\(folder): there are no pictures in this folder",
        help: isRecursive
          ? "pictures are known by their names: .jpg, .png, .bmp, .gif, .tga, .ppm, .pgm, .psd"
          : "name another, or add --recursive to search the folders in it")
    }
    return found
  }

  private static func everyPicture(below folder: String, _ isRecursive: Bool) throws -> [String] {
    guard let names = folderEntries(folder) else {
      throw InputError(
        "\(folder.shownPath): the folder cannot be read: \(systemReason())",
        help: "check the path and its permissions")
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return try names.sorted().filter { !$0.hasPrefix(".") }.flatMap { name -> [String] in
      let path = prefix + name
      guard let isFolder = isFolder(path) else { return [] }
      if isFolder { return isRecursive ? try everyPicture(below: path, true) : [] }
      return extensions.contains(name.fileExtension.lowercased()) ? [path] : []
    }
  }

  private static func paths(listedIn file: String) throws -> [String] {
    let paths = try textLines(try readFile(file), of: file, as: .list).filter { !$0.isEmpty }
    guard !paths.isEmpty else {
      throw InputError(
        "\(file.shownPath): the list is empty", help: "write the path of a picture a line")
    }
    return paths
  }

  private static func matches(of pattern: String) -> [String] {
    var found = unsafe glob_t()
    defer { unsafe globfree(&found) }
    guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
    return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(cString: $0) }
    }
  }
}

/// The next line of stdin that says something, without its end.
func nextInputLine() -> String? {
  while let line = readLine() {
    let path = line.hasSuffix("\r") ? String(line.dropLast()) : line
    if !path.isEmpty { return path }
  }
  return nil
}
