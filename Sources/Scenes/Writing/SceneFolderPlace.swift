import Foundation

/// Where a set of scenes is made, and how it gets to its place.
struct SceneFolderPlace {
  /// The folder the set is made in.
  let temporary: String
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
    temporary = "\(path)/.scenes-\(String(number, radix: 36)).tmp"
    try Self.makeFolder(path)
    try refuse(replacing: replacing)
    try Self.makeFolder(temporary + "/images")
    try Self.makeFolder(temporary + "/labels")
  }

  /// Stops where files would be lost that are not scenes, or that were not given up.
  private func refuse(replacing: Bool) throws(SceneFolderError) {
    let found = Self.entries.filter { FileManager.default.fileExists(atPath: "\(path)/\($0)") }
    if let first = found.first, !replacing {
      throw SceneFolderError(.occupied(first), path: path)
    }
    for (folder, suffix) in [("images", ".jpg"), ("labels", ".txt")] {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
      let foreign = files.sorted().first { !$0.hasPrefix("scene_") || !$0.hasSuffix(suffix) }
      if let foreign {
        throw SceneFolderError(.foreign("\(folder)/\(foreign)"), path: path)
      }
    }
  }

  /// Moves the finished set to its place.
  func settle() throws(SceneFolderError) {
    // A set without its last entry is not taken for one, whenever this is interrupted.
    for entry in Self.entries.reversed() {
      let old = "\(path)/\(entry)"
      guard FileManager.default.fileExists(atPath: old) else { continue }
      try Self.trying(old) { try FileManager.default.removeItem(atPath: old) }
    }
    for entry in Self.entries {
      let new = "\(path)/\(entry)"
      try Self.trying(new) {
        try FileManager.default.moveItem(atPath: "\(temporary)/\(entry)", toPath: new)
      }
    }
    discard()
  }

  /// Removes the temporary folder.
  func discard() { try? FileManager.default.removeItem(atPath: temporary) }

  static func write(_ text: String, to path: String) throws(SceneFolderError) {
    try trying(path) { try Data(text.utf8).write(to: URL(fileURLWithPath: path)) }
  }

  private static func makeFolder(_ path: String) throws(SceneFolderError) {
    try trying(path) {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  private static func trying(
    _ path: String, _ body: () throws -> Void
  ) throws(SceneFolderError) {
    do {
      try body()
    } catch {
      let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
      throw SceneFolderError(
        .unwritable((underlying ?? error as NSError).localizedDescription), path: path)
    }
  }
}
