import Foundation
import PenumbraSupport

/// Where a set of scenes is made, and how it gets to its place.
struct SceneFolderPlace {
  /// The folder the set is made in; the next run removes what a killed one left of it.
  var temporary: String { folder.path }
  private let folder: TemporarySubfolder
  /// Where an earlier set waits until the new one is in its place.
  private let earlier: String
  private let path: String

  /// What belongs to a set; the last one says that it is whole.
  private static let entries = [
    "images", "labels", "train.txt", "val.txt", "cells.names", "cells.data",
  ]

  /// Makes the folder and, inside it, the temporary one.
  ///
  /// - Parameter replacing: whether an earlier set may go.
  init(_ path: String, replacing: Bool) throws(SceneFolderError) {
    self.path = path
    let number = UInt64.random(in: 0...UInt64.max)
    earlier = "\(path)/.scenes-\(String(number, radix: 36)).old"
    try Self.makeFolder(path)
    try Self.refuse(path, replacing: replacing)
    do throws(WriteError) { folder = try TemporarySubfolder(in: path) } catch {
      throw SceneFolderError(.unwritable(error), path: path)
    }
    try Self.makeFolder(temporary + "/images")
    try Self.makeFolder(temporary + "/labels")
  }

  /// Stops where files would be lost that are not scenes, or that were not given up.
  private static func refuse(_ path: String, replacing: Bool) throws(SceneFolderError) {
    func exists(_ entry: String) -> Bool { FileStatus("\(path)/\(entry)") != nil }
    let found = entries.filter(exists)
    guard let first = found.first else { return }
    // Pictures that are scenes are what a run left that was killed while it moved a set.
    guard found.contains("cells.data") || (replacing && found.contains("images")) else {
      throw SceneFolderError(.unfinished(first), path: path)
    }
    guard replacing else { throw SceneFolderError(.occupied(first), path: path) }
    for entry in found where !isOwn(entry, in: path) {
      throw SceneFolderError(.foreign(entry), path: path)
    }
    for (folder, suffix) in [("images", ".jpg"), ("labels", ".txt")] {
      let files = folderEntries("\(path)/\(folder)") ?? []
      let foreign = files.sorted().first {
        !$0.hasPrefix("scene_") || !$0.hasSuffix(suffix)
          || !isPlain("\(path)/\(folder)/\($0)", .regular)
      }
      if let foreign {
        throw SceneFolderError(.foreign("\(folder)/\(foreign)"), path: path)
      }
    }
    for list in ["train.txt", "val.txt"] where exists(list) {
      let text = String(
        decoding: FileManager.default.contents(atPath: "\(path)/\(list)") ?? Data(), as: UTF8.self)
      let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      if let foreign = lines.firstIndex(where: { !$0.isEmpty && !$0.hasPrefix("images/scene_") }) {
        throw SceneFolderError(.foreignList(list, line: foreign + 1), path: path)
      }
    }
  }

  /// Whether an entry is what a run makes: no link, pipe or device.
  private static func isOwn(_ entry: String, in path: String) -> Bool {
    isPlain("\(path)/\(entry)", ["images", "labels"].contains(entry) ? .folder : .regular)
  }

  private static func isPlain(_ path: String, _ kind: FileStatus.Kind) -> Bool {
    !isLink(path) && FileStatus(path)?.kind == kind
  }

  private func exists(_ entry: String) -> Bool { FileStatus("\(path)/\(entry)") != nil }

  /// Moves the finished set to its place; where that fails, the earlier one is back in it.
  func settle() throws(SceneFolderError) {
    var moves: [(from: String, to: String)] = []
    func move(_ entry: String, from: String, to: String) throws(SceneFolderError) {
      let (old, new) = ("\(from)/\(entry)", "\(to)/\(entry)")
      guard renameFile(old, to: new) == 0 else {
        throw SceneFolderError(.unwritable(WriteError(new)), path: new)
      }
      moves.append((old, new))
    }
    do throws(SceneFolderError) {
      // A set without its last entry is not taken for one, whenever this is interrupted.
      for entry in Self.entries.reversed() where exists(entry) {
        try Self.makeFolder(earlier)
        try move(entry, from: path, to: earlier)
      }
      for entry in Self.entries { try move(entry, from: temporary, to: path) }
    } catch {
      let areBack = moves.reversed().map { renameFile($0.to, to: $0.from) == 0 }
      // What could not be moved back stays where it is rather than being lost.
      if areBack.allSatisfy({ $0 }) { removeTree(earlier) }
      throw error
    }
    removeTree(earlier)
  }

  static func write(_ text: String, to path: String) throws(SceneFolderError) {
    do throws(WriteError) {
      try AtomicFile.write(text, to: path, durability: .process)
    } catch {
      throw SceneFolderError(.unwritable(error), path: path)
    }
  }

  private static func makeFolder(_ path: String) throws(SceneFolderError) {
    do throws(WriteError) { try PenumbraSupport.makeFolder(path) } catch {
      throw SceneFolderError(.unwritable(error), path: path)
    }
  }
}
