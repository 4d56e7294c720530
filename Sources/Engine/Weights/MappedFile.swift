import CFiles
package import PenumbraSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file's bytes, read by the system as they are touched. A pipe's bytes are read into memory.
///
/// The file may be replaced by another one of its name in the meantime. One that is truncated or
/// written to reads as something else from then on, without a signal: `checkUnchanged` tells.
package final class MappedFile: Sendable {
  /// Valid as long as this object; nobody writes there, which makes sharing it safe.
  package nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let path: String
  private let place: Place

  private enum Place: Sendable {
    /// An open descriptor, the slot that guards the mapping, and how the file was.
    case mapped(Int32, guardSlot: Int32, FileVersion)
    case memory
  }

  /// - Parameter largestStream: the most bytes that are read of a pipe or device.
  package init(
    _ path: String, from source: FileSource, largestStream: Int = .max
  ) throws(WeightsError) {
    self.path = path
    do throws(FileError) {
      let file = try OpenFile(path, source)
      FilesRead.note(file.descriptor, path)
      if let size = file.regularSize, size > 0, let mapping = Self.map(file, size) {
        (bytes, place) = mapping
      } else {
        let limit = min(largestStream, Self.largestStream)
        (bytes, place) = (try file.readAllocated(limit: limit), .memory)
      }
    } catch {
      throw WeightsError(path, WeightsError.Reason(error.reason))
    }
  }

  /// The most that is read of any file from a pipe.
  private static let largestStream = 4 << 30

  /// Nil where the system maps no file, or the mapping cannot be guarded.
  private static func map(
    _ file: borrowing OpenFile, _ size: Int
  ) -> (UnsafeRawBufferPointer, Place)? {
    let copy = fcntl(file.descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0, let version = FileVersion(copy) else {
      close(copy)
      return nil
    }
    let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, copy, 0)
    guard let address, address != MAP_FAILED else {
      close(copy)
      return nil
    }
    let slot = guarded_mapping_add(address, size)
    guard slot >= 0 else {
      munmap(address, size)
      close(copy)
      return nil
    }
    return (
      UnsafeRawBufferPointer(start: address, count: size),
      .mapped(copy, guardSlot: slot, version)
    )
  }

  /// - Throws: `WeightsError` when the file was truncated or written to since it was opened.
  package func checkUnchanged() throws(WeightsError) {
    guard case .mapped(let descriptor, let slot, let version) = place else { return }
    guard FileVersion(descriptor) == version, !guarded_mapping_is_damaged(slot) else {
      throw WeightsError(path, .changed)
    }
  }

  /// Lets the system take back the memory of whole pages of a range; what is read again comes from
  /// the file again.
  func release(_ range: Range<Int>) {
    guard case .mapped = place else { return }
    let page = Int(getpagesize())
    let first = (range.lowerBound + page - 1) / page * page
    let end = range.upperBound / page * page
    guard let address = bytes.baseAddress, first < end else { return }
    madvise(UnsafeMutableRawPointer(mutating: address) + first, end - first, MADV_DONTNEED)
  }

  deinit {
    guard let address = bytes.baseAddress.map(UnsafeMutableRawPointer.init(mutating:)) else {
      return
    }
    switch place {
    case .memory: free(address)
    case .mapped(let descriptor, let slot, _):
      guarded_mapping_remove(slot)
      munmap(address, bytes.count)
      close(descriptor)
    }
  }
}

/// What changes when a file is written to.
private struct FileVersion: Equatable, Sendable {
  private let size: Int
  private let seconds: Int
  private let nanoseconds: Int

  /// Nil when the system does not tell.
  init?(_ descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    size = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
  }
}

extension WeightsError.Reason {
  fileprivate init(_ reason: FileError.Reason) {
    switch reason {
    case .notFound: self = .notFound
    case .isFolder: self = .isFolder
    case .noMemory(let bytes): self = .noMemory(bytes: bytes)
    case .tooLarge(let limit): self = .unreadable("it is larger than \(limit) bytes")
    case .notRegular: self = .unreadable("it is a pipe or a device")
    case .outsideFolder: self = .unreadable("the link leads out of its folder")
    case .notPermitted: self = .unreadable("permission denied")
    case .otherKind(let mismatch): self = .unreadable(mismatch.problem)
    case .unreadable(let why): self = .unreadable(why)
    }
  }
}
