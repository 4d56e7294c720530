import PenumbraSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file's bytes, read by the system as they are touched.
package final class MappedFile: Sendable {
  /// Valid as long as this object; the mapping is read-only, which makes sharing it safe.
  package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  package init(_ path: String) throws(WeightsError) {
    // Without O_NONBLOCK a pipe would be waited for before it can be refused.
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw WeightsError(
        path, errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(systemReason()))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw WeightsError(path, .unreadable(systemReason()))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: throw WeightsError(path, .isFolder)
    case S_IFREG: break
    default: throw WeightsError(path, .unreadable("it is not a regular file"))
    }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let address, address != MAP_FAILED else {
      throw WeightsError(path, .unreadable(systemReason()))
    }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  /// Lets the system take back the memory of whole pages of a range; what is read again comes from
  /// the file again.
  func release(_ range: Range<Int>) {
    let page = Int(getpagesize())
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard let address = bytes.baseAddress, first < end else { return }
    madvise(UnsafeMutableRawPointer(mutating: address) + first, end - first, MADV_DONTNEED)
  }

  deinit {
    if let address = bytes.baseAddress {
      munmap(UnsafeMutableRawPointer(mutating: address), bytes.count)
    }
  }
}
