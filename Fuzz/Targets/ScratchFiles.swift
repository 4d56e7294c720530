import Foundation

/// The files of this process for readers that take a path, in memory where the system has such a
/// folder.
package enum ScratchFiles {
  static let folder: String = {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    let folder = parent + "/penumbra-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }()

  /// Writes a file of the folder.
  ///
  /// - Returns: its path.
  static func write(_ bytes: [UInt8], to name: String) -> String {
    let path = folder + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "\(path) cannot be written")
    defer { close(descriptor) }
    let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
    precondition(count == bytes.count, "\(path) is full")
    return path
  }

  /// The bytes of a file of the folder, none where there is none.
  static func read(_ name: String) -> [UInt8] {
    Array(FileManager.default.contents(atPath: folder + "/" + name) ?? Data())
  }

  /// Removes the folder at the end.
  package static func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
