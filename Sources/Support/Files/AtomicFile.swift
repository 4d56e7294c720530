#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file that is there whole or not at all: written beside its place, then moved to it.
///
/// Devices and pipes are written as they are.
package final class AtomicFile {
  private let path: String
  /// Where the finished file goes; nil for what is not a regular file.
  private let target: String?
  private let written: String
  private let descriptor: Int32
  private var isOpen = true
  private var isCommitted = false

  package init(_ path: String) throws(WriteError) {
    let status = fileStatus(path)
    let exists = status != nil
    let kind = (status?.st_mode ?? 0) & S_IFMT
    if exists, kind == S_IFDIR { throw WriteError(path, .isFolder) }
    self.path = path
    if exists, kind != S_IFREG {
      target = nil
      written = path
      descriptor = openFile(path, O_WRONLY | O_CLOEXEC)
    } else {
      let target = exists ? Self.resolved(path) : path
      self.target = target
      written = target + ".\(getpid()).part"
      // A file of this name is left over from a process that is no more.
      removeFile(written)
      descriptor = openFile(written, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
    }
    guard descriptor >= 0 else { throw WriteError(path) }
    if let status, target != nil { fchmod(descriptor, status.st_mode & 0o7777) }
  }

  deinit {
    if isOpen, descriptor >= 0 { close(descriptor) }
    if target != nil, descriptor >= 0, !isCommitted { removeFile(written) }
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(WriteError) {
    var rest = bytes
    while let base = rest.baseAddress, !rest.isEmpty {
      #if canImport(Darwin)
        let count = Darwin.write(descriptor, base, min(rest.count, 1 << 30))
      #else
        let count = Glibc.write(descriptor, base, min(rest.count, 1 << 30))
      #endif
      if count < 0 {
        guard errno == EINTR else { throw WriteError(path) }
        continue
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Puts the file in its place once its bytes are on the disk.
  package func commit() throws(WriteError) {
    // Devices and pipes cannot be synchronised, and need not.
    guard fsync(descriptor) == 0 || target == nil else { throw WriteError(path) }
    isOpen = false
    guard close(descriptor) == 0 else { throw WriteError(path) }
    guard let target else { return }
    guard renameFile(written, to: target) == 0 else { throw WriteError(path) }
    isCommitted = true
  }

  /// Follows links, so that a link stays one.
  private static func resolved(_ path: String) -> String {
    resolvedPath(path) ?? path
  }
}
