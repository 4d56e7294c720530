import Foundation
import PenumbraSupport

/// A file that a conversion makes, before it is written.
public struct ConvertedFile: Hashable, Sendable {
  public enum Content: Hashable, Sendable {
    case bytes([UInt8])
    /// A symbolic link to a picture.
    case link(to: String)
    case copy(of: String)
  }

  public let path: String
  public let content: Content

  init(path: String, content: Content) {
    self.path = path
    self.content = content
  }

  init(_ path: String, text: String) {
    self.init(path: path, content: .bytes(Array(text.utf8)))
  }
}

extension [ConvertedFile] {
  /// Writes the files, each whole or not at all, and the folders they need.
  ///
  /// - Parameter replaces: whether files that exist are replaced.
  /// - Throws: `DataError`; where a file exists that may not be replaced, or a picture is missing,
  ///   before anything is written.
  public func write(replaces: Bool = false) throws(DataError) {
    for file in self { try file.check(replaces: replaces) }
    for file in self {
      do throws(WriteError) {
        try makeFolder(URL(fileURLWithPath: file.path).deletingLastPathComponent().path)
        try file.write()
      } catch {
        throw DataError(.cannotWrite(error), file: file.path)
      }
    }
  }
}

extension ConvertedFile {
  fileprivate func check(replaces: Bool) throws(DataError) {
    switch content {
    case .bytes: break
    case .link(let picture), .copy(let picture):
      if PathKind(picture) != .file {
        throw DataError(
          .badFormat(detail: "there is no such picture; say where they are, or do without"),
          file: picture)
      }
    }
    // A link that leads nowhere exists too, though nothing is found through it.
    let exists =
      PathKind(path) != .nothing
      || (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    if PathKind(path) == .folder {
      throw DataError(.cannotWrite(WriteError(path, .isFolder)), file: path)
    }
    if exists, !replaces {
      throw DataError(.wouldOverwrite, file: path)
    }
  }

  fileprivate func write() throws(WriteError) {
    switch content {
    case .bytes(let bytes): try AtomicFile.write(bytes, to: path, durability: .process)
    case .copy(let picture):
      if isSameFile(picture) { return }
      try copyFile(picture, to: path, durability: .process)
    case .link(let picture):
      if isSameFile(picture) { return }
      try makeLink(path, to: URL(fileURLWithPath: picture).standardizedFileURL.path)
    }
  }

  /// Whether the file is a picture that lies there already.
  package var isInPlace: Bool {
    switch content {
    case .bytes: false
    case .link(let picture), .copy(of: let picture): isSameFile(picture)
    }
  }

  /// Whether the picture already is the file: it must not be replaced by a link to itself.
  private func isSameFile(_ picture: String) -> Bool {
    let (a, b) = (URL(fileURLWithPath: path), URL(fileURLWithPath: picture))
    return PathKind(path) == .file
      && a.resolvingSymlinksInPath().path == b.resolvingSymlinksInPath().path
  }
}
