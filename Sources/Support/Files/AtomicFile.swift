#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that is there whole or not at all: written in the folder where it belongs under a name of
/// its own, then renamed.
///
/// A link stays one, and what it leads to is replaced. An earlier file keeps its mode and, where the
/// system allows, its owner; a read-only one is refused, even to root. Devices, pipes and descriptors
/// of the process are written as they are and never replaced.
package final class AtomicFile {
  /// What a file survives once it is committed.
  package enum Durability: Sendable {
    /// The end of the process, and of the machine.
    case disk
    /// The end of the process: for sets of many small files, which a disk would take too long for.
    case process
  }

  private let path: String
  private let durability: Durability
  /// The file before it has its name; nil for what is written as it is.
  private let temporary: TemporaryFile?
  private let target: String
  private var descriptor: Int32

  package init(_ path: String, durability: Durability = .disk) throws(WriteError) {
    (self.path, self.durability) = (path, durability)
    switch try OutputTarget(path) {
    case .file(let target, let earlier):
      self.target = target
      if let role = (earlier?.identity).flatMap(FilesRead.role) {
        throw WriteError(path, .isInput(role))
      }
      let temporary = try TemporaryFile(for: target, replacing: earlier, named: path)
      (self.temporary, descriptor) = (temporary, temporary.descriptor)
    case .stream:
      (target, temporary) = (path, nil)
      descriptor = openStream(path)
      guard descriptor >= 0 else { throw WriteError(path) }
    case .descriptor(let number):
      (target, temporary) = (path, nil)
      descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
      guard descriptor >= 0 else { throw WriteError(path) }
    }
  }

  deinit {
    temporary?.remove()
    if descriptor >= 0 { close(descriptor) }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(WriteError) {
    let code = writeWhole(bytes, to: descriptor)
    guard code == 0 else { throw WriteError(path, errno: code) }
  }

  /// Puts the file in its place once its bytes are on the disk.
  package func commit() throws(WriteError) {
    try synchronize()
    if temporary == nil { cutTail() }
    if let temporary {
      let code = temporary.rename(to: target)
      guard code == 0 else { throw WriteError(path, errno: code) }
      // The file has its name now, whether or not the disk has noted that already.
      if durability == .disk { synchronizeFolder(of: target) }
    }
    let last = descriptor
    descriptor = -1
    // The descriptor held the lock, and has nothing left to write.
    close(last)
  }

  /// A file that is open for more than appending ends with what was written into it.
  private func cutTail() {
    let flags = fcntl(descriptor, F_GETFL)
    guard flags >= 0, flags & O_APPEND == 0, FileStatus(descriptor: descriptor)?.kind == .regular
    else { return }
    let end = lseek(descriptor, 0, SEEK_CUR)
    if end >= 0 { ftruncate(descriptor, end) }
  }

  /// Everything that the system may still say against the bytes is heard before the old file goes.
  private func synchronize() throws(WriteError) {
    if durability == .disk, temporary != nil, fsync(descriptor) != 0, errno != EINVAL,
      errno != ENOTSUP
    {
      throw WriteError(path)
    }
    // Some file systems report a failed write when a descriptor is closed: a second one is, since the
    // first has to hold the lock.
    let second = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard second >= 0 else { return }
    guard close(second) == 0 || errno == EINTR else { throw WriteError(path) }
  }
}

extension AtomicFile {
  package func write(_ bytes: [UInt8]) throws(WriteError) {
    let failure = bytes.withUnsafeBytes { bytes -> WriteError? in
      do throws(WriteError) { try write(bytes) } catch { return error }
      return nil
    }
    if let failure { throw failure }
  }

  /// Whether a file can be written, as far as that shows before it is.
  package static func check(_ path: String) throws(WriteError) {
    guard case .file(let target, let earlier) = try OutputTarget(path) else { return }
    try TemporaryFile.check(earlier, at: target, named: path)
    let folder = target.folderName
    guard FileStatus(folder) != nil, isAllowed(W_OK | X_OK, folder)
    else { throw WriteError(path) }
  }

  /// Writes a file that consists of these bytes.
  package static func write(
    _ bytes: some Sequence<UInt8>, to path: String, durability: Durability = .disk
  ) throws(WriteError) {
    let file = try AtomicFile(path, durability: durability)
    try file.write(Array(bytes))
    try file.commit()
  }

  package static func write(
    _ text: String, to path: String, durability: Durability = .disk
  ) throws(WriteError) {
    try write(text.utf8, to: path, durability: durability)
  }
}

/// So that a name survives the end of the machine; not every file system can.
private func synchronizeFolder(of path: String) {
  let folder = openFile(path.folderName, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
  guard folder >= 0 else { return }
  fsync(folder)
  close(folder)
}
