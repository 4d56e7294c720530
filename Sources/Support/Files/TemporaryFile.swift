import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file in the folder of another whose place it will take.
///
/// Its name is random, so that no process of any machine or container has the same one, and its
/// writer holds a lock on it: one that is not locked was left by a writer that was killed.
struct TemporaryFile {
  let path: String
  let descriptor: Int32

  /// - Parameter name: what errors call the file.
  /// - Throws: where the earlier file is read-only, or none can be made in the folder.
  init(
    for target: String, replacing earlier: FileStatus?, named name: String
  ) throws(WriteError) {
    try Self.check(earlier, at: target, named: name)
    let folder = target.folderName
    Leftovers.removeOnce(in: folder)
    // What others may not read of the earlier file they may not read of this one.
    let mode: mode_t = earlier == nil ? 0o666 : 0o600
    var made: (path: String, descriptor: Int32)?
    for _ in 0..<100 where made == nil {
      let path = folder + "/" + Leftovers.newName()
      let descriptor = openFile(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
      if descriptor < 0 {
        guard errno == EEXIST || errno == EINTR else { throw WriteError(name) }
      } else if isLocked(descriptor, path) {
        made = (path, descriptor)
      } else {
        close(descriptor)
      }
    }
    guard let made else { throw WriteError(name, errno: EEXIST) }
    (path, descriptor) = made
    if let earlier { Self.take(earlier, for: descriptor) }
  }

  /// - Throws: where there is a file that may not be written; renaming another one to its name would
  ///   not ask about that.
  static func check(
    _ earlier: FileStatus?, at target: String, named name: String
  ) throws(WriteError) {
    guard let earlier else { return }
    guard earlier.mode & 0o222 != 0 else { throw WriteError(name, .readOnly) }
    guard isAllowed(W_OK, target) else { throw WriteError(name) }
  }

  /// Gives the file the owner, the group and the mode of an earlier one.
  private static func take(_ earlier: FileStatus, for descriptor: Int32) {
    let isOwned = fchown(descriptor, earlier.owner, earlier.group) == 0
    // Of somebody else a program would run with other rights than before.
    fchmod(descriptor, isOwned ? earlier.mode : earlier.mode & 0o777)
  }

  /// - Returns: 0, or the system's number for what went wrong.
  func rename(to target: String) -> Int32 {
    renameFile(path, to: target) == 0 ? 0 : errno
  }

  /// Removes the file where it still has its first name.
  func remove() { removeFile(path) }
}

/// A folder inside of another, to make files in that belong together.
package final class TemporarySubfolder: Sendable {
  package let path: String
  private let descriptor: Int32

  package init(in folder: String) throws(WriteError) {
    Leftovers.removeOnce(in: folder)
    for _ in 0..<100 {
      let path = folder + "/" + Leftovers.newName()
      guard makeDirectory(path) == 0 else {
        guard errno == EEXIST || errno == EINTR else { throw WriteError(folder) }
        continue
      }
      let descriptor = openFile(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
      guard descriptor < 0 || !isLocked(descriptor, path) else {
        (self.path, self.descriptor) = (path, descriptor)
        return
      }
      if descriptor >= 0 { close(descriptor) }
    }
    throw WriteError(folder, errno: EEXIST)
  }

  deinit {
    removeTree(path)
    close(descriptor)
  }
}

/// Locks what this process has just made.
///
/// - Returns: false where somebody took it for a leftover before it was locked.
private func isLocked(_ descriptor: Int32, _ path: String) -> Bool {
  while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
  var status = stat()
  return fstat(descriptor, &status) == 0
    && FileStatus(status).identity == FileStatus(path)?.identity
}

/// Files and folders that killed processes have left half written.
package enum Leftovers {
  private static let prefix = ".penumbra-"
  private static let suffix = ".part"

  /// Folders that this process has already looked through.
  private static let seen = Mutex<Set<String>>([])

  package static func newName() -> String {
    let number = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return prefix + String(repeating: "0", count: 16 - number.count) + number + suffix
  }

  /// Removes them from a folder, unless this process has done so before.
  static func removeOnce(in folder: String) {
    guard seen.withLock({ $0.insert(folder).inserted }) else { return }
    remove(in: folder)
  }

  /// Removes them from a folder; those of writers that are alive stay.
  package static func remove(in folder: String) {
    for name in folderEntries(folder) ?? [] where isOurs(name) {
      remove(folder + "/" + name)
    }
  }

  private static func isOurs(_ name: String) -> Bool {
    let digits = name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count)
    return name.hasPrefix(prefix) && name.hasSuffix(suffix) && digits.count == 16
      && digits.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private static func remove(_ path: String) {
    // A link cannot be locked; it has this name for a moment only.
    if destination(ofLink: path) != nil {
      if isOld(path) { removeFile(path) }
      return
    }
    let folder = openFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
    let descriptor =
      folder >= 0 ? folder : openFile(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    if folder >= 0 { removeTree(path) } else { removeFile(path) }
  }

  private static func isOld(_ path: String) -> Bool {
    guard let status = fileStatus(path, followsLinks: false) else { return false }
    #if canImport(Darwin)
      let changed = status.st_ctimespec.tv_sec
    #else
      let changed = status.st_ctim.tv_sec
    #endif
    return time(nil) - changed > 60
  }
}
