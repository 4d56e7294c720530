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
  /// Whether folders below a folder count too; nil for a command that cannot be asked to.
  private let isRecursive: Bool?

  /// - Parameter readsAhead: whether all of stdin is read before anything else happens, for a run whose
  ///   results replace files: any of them may be a picture that a later line names.
  init(_ arguments: [String], isRecursive: Bool? = nil, readsAhead: Bool = false) throws {
    self.isRecursive = isRecursive
    sources = try arguments.flatMap { argument -> [Source] in
      if argument == "-" {
        return readsAhead ? try InputLines.rest().map { .file(.found($0)) } : [.standardInput]
      }
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
          if let line = InputLines.next() { return .found(line) }
          rest.removeFirst()
        }
      }
      return nil
    }
  }

  // MARK: Arguments

  private static func files(_ argument: String, _ isRecursive: Bool?) throws -> [PicturePath] {
    if let isFolder = isFolder(argument) {
      return isFolder
        ? try pictures(in: argument, isRecursive).map(PicturePath.found) : [.named(argument)]
    }
    if argument.hasPrefix("@") {
      return try paths(listedIn: String(argument.dropFirst())).map(PicturePath.found)
    }
    if let address = Address(argument) {
      throw InputError("\(argument.shownPath): \(address.problem)", help: address.remedy)
    }
    guard argument.utf8.contains(where: { "*?[".utf8.contains($0) }) else {
      return [.named(argument)]
    }
    let matches = matches(of: argument)
    guard !matches.isEmpty else {
      throw InputError(
        "\(argument.shownPath): no file has such a name", help: "check the pattern",
        status: .notFound)
    }
    return try matches.flatMap { try files($0, isRecursive) }
  }

  private static func pictures(in folder: String, _ isRecursive: Bool?) throws -> [String] {
    let found = try FolderPictures(folder, isRecursive: isRecursive ?? false)
    guard !found.paths.isEmpty else {
      throw InputError(
        "\(folder.shownPath): there are no pictures in this folder"
          + (found.foreign.isEmpty ? "" : "; \(found.foreign.text)"),
        help: isRecursive == false
          ? "name another, or add --recursive to search the folders in it"
          : "pictures are known by their names: .jpg, .png, .bmp, .gif, .tga, .ppm, .pgm, .psd")
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
    guard unsafe pattern.withSystemPath({ unsafe glob($0, 0, nil, &found) }) == 0 else { return [] }
    return unsafe (0..<Int(found.gl_pathc)).compactMap { index in
      unsafe found.gl_pathv[index].map { unsafe String(systemPath: $0) }
    }
  }
}
