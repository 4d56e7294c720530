#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Writes all the bytes, in as many calls as the system wants.
///
/// - Returns: 0, or the system's number for what went wrong.
package func writeWhole(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  var rest = bytes
  while let base = rest.baseAddress, !rest.isEmpty {
    #if canImport(Darwin)
      let count = Darwin.write(descriptor, base, min(rest.count, 1 << 30))
    #else
      let count = Glibc.write(descriptor, base, min(rest.count, 1 << 30))
    #endif
    if count > 0 {
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    } else if count == 0 {
      return EIO
    } else if errno == EAGAIN || errno == EWOULDBLOCK {
      // Somebody else made the descriptor one that does not wait.
      var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      poll(&waiting, 1, -1)
    } else if errno != EINTR {
      return errno
    }
  }
  return 0
}
