import Foundation

/// The right to write a run's files into a folder, which one process has at a time.
///
/// The folder itself is locked, so nothing is left behind, and the system gives the lock back however
/// the process ends. Where the file system has no locks nothing is held and nothing is refused.
public final class FolderLock {
  private let descriptor: Int32

  /// - Throws: `FolderInUse` while another run holds the folder.
  public init(_ folder: String) throws(FolderInUse) {
    let found = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    if found >= 0, flock(found, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(found)
      throw FolderInUse(folder: folder)
    }
    descriptor = found
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }
}

/// Another run is writing its files into this folder.
public struct FolderInUse: Error, Hashable, Sendable, CustomStringConvertible {
  public let folder: String

  public init(folder: String) { self.folder = folder }

  public var description: String {
    """
    \(folder.isEmpty ? "." : folder): error: another training run is writing into this folder
    help: wait for its end, or choose another --output
    """
  }
}
