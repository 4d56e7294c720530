import Foundation
import PenumbraData
import PenumbraImaging
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
    if let scheme = scheme(of: argument) { throw notAFile(argument, scheme) }
    guard argument.contains(where: { "*?[".contains($0) }) else { return [.named(argument)] }
    let matches = matches(of: argument)
    guard !matches.isEmpty else {
      throw InputError(
        "\(argument): no file has such a name", help: "check the pattern", status: .notFound)
    }
    return try matches.flatMap { try files($0, isRecursive) }
  }

  /// What precedes `://`, where the argument starts with a word that it follows.
  private static func scheme(of argument: String) -> Substring? {
    guard let end = argument.firstRange(of: "://")?.lowerBound, end != argument.startIndex else {
      return nil
    }
    let scheme = argument[..<end]
    return scheme.allSatisfy { $0.isASCII && $0.isLetter } ? scheme : nil
  }

  private static func notAFile(_ address: String, _ scheme: Substring) -> InputError {
    InputError(
      "\(address.shownPath): this is an address, expected a file",
      help: ["http", "https", "ftp"].contains(scheme.lowercased())
        ? "download it first, as with 'curl -fLO ADDRESS'"
        : "save its frames first, as with 'ffmpeg -i ADDRESS frame_%06d.png'")
  }

  private static func pictures(in folder: String, _ isRecursive: Bool) throws -> [String] {
    let found = try FolderPictures(folder, isRecursive: isRecursive)
    guard !found.paths.isEmpty else {
      throw InputError(
        "\(folder.shownPath): there are no pictures in this folder"
          + (found.foreign.isEmpty ? "" : "; \(found.foreign.text)"),
        help: isRecursive
          ? "pictures are known by their names: .jpg, .png, .bmp, .gif, .tga, .ppm, .pgm, .psd"
          : "name another, or add --recursive to search the folders in it")
    }
    if !found.foreign.isEmpty {
      standardError("note: \(folder.shownPath): \(found.foreign.text)")
    }
    return found.paths
  }

  /// Relative paths start where those of the lists of data sets do.
  private static func paths(listedIn file: String) throws -> [String] {
    let lines = try textLines(try readFile(file), of: file, as: .list)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    guard !lines.isEmpty else {
      throw InputError(
        "\(file.shownPath): the list is empty", help: "write the path of a picture a line")
    }
    return lines.map { ImageList.path($0, listedIn: file) }
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
