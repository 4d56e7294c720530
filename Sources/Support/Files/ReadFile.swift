#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What kinds of files a path may lead to, by where the path comes from.
public enum FileSource: Hashable, Sendable {
  /// A person named the path: pipes and devices are read too, such as `/dev/stdin` and `<(command)`.
  case named
  /// Another file named the path, or a folder holds it: regular files alone are read, so that
  /// nothing waits for a pipe or reads a device without end.
  case found
}

/// The bytes of a file, pipe or device.
///
/// - Parameter limit: the most bytes to read. A longer regular file is refused before it is read, and
///   of a pipe or device no more than `largestStream` bytes are read in any case.
/// - Throws: `FileError`, also when there is no memory for the bytes.
public func readFile(
  _ path: String, limit: Int = 64 << 20, from source: FileSource = .named
) throws(FileError) -> [UInt8] {
  let file = try OpenFile(path, source)
  FilesRead.note(file.descriptor, path)
  guard let size = file.regularSize else {
    return try file.readStream(limit: min(limit, largestStream))
  }
  guard size <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
  // Files of the system's own, such as those below /proc, state no size.
  return size == 0 ? try file.readStream(limit: limit) : try file.readRegular(size, limit: limit)
}

/// The most bytes that are read from a pipe or device, which states no size.
public let largestStream = 256 << 20

/// All bytes of standard input, whatever it is: a pipe, a file, a terminal or a socket.
///
/// - Throws: `FileError`, also for more than `limit` bytes, of which no more are read.
public func readStandardInput(limit: Int) throws(FileError) -> [UInt8] {
  FilesRead.note(STDIN_FILENO, "standard input")
  return try OpenFile(copying: STDIN_FILENO, path: "/dev/stdin").readStream(
    limit: min(limit, largestStream))
}

/// A file that is open for reading, closed with its owner.
package struct OpenFile: ~Copyable {
  let path: String
  package let descriptor: Int32
  /// The bytes of a regular file; nil for a pipe or device.
  package let regularSize: Int?

  package init(_ path: String, _ source: FileSource) throws(FileError) {
    // Without O_NONBLOCK a pipe would be waited for before it can be refused.
    let flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (source == .found ? O_NONBLOCK : 0)
    let descriptor = openFile(path, flags)
    guard descriptor >= 0 else { throw FileError(reading: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = FileError(reading: path)
      close(descriptor)
      throw error
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR || (kind != S_IFREG && source == .found) {
      close(descriptor)
      throw FileError(path, kind == S_IFDIR ? .isFolder : .notRegular)
    }
    self.path = path
    self.descriptor = descriptor
    regularSize = kind == S_IFREG ? Int(status.st_size) : nil
  }

  /// Another descriptor of what is open already, to be read as a stream.
  init(copying open: Int32, path: String) throws(FileError) {
    let descriptor = fcntl(open, F_DUPFD_CLOEXEC, 0)
    guard descriptor >= 0 else { throw FileError(reading: path) }
    (self.path, self.descriptor, regularSize) = (path, descriptor, nil)
  }

  deinit { close(descriptor) }

  /// Reads a file of a known size; one that has grown since is read to its end.
  func readRegular(_ size: Int, limit: Int) throws(FileError) -> [UInt8] {
    guard canAllocate(size) else { throw FileError(path, .noMemory(bytes: size)) }
    var length = 0
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      do throws(FileError) {
        while length < size {
          let got = try readSome(
            UnsafeMutableRawBufferPointer(
              rebasing: UnsafeMutableRawBufferPointer(buffer)[length...]))
          if got == 0 { break }
          length += got
        }
      } catch {
        failure = error
      }
      count = length
    }
    if let failure { throw failure }
    return length < size ? bytes : bytes + (try readStream(limit: limit - length))
  }

  /// Reads to the end of what states no size.
  func readStream(limit: Int) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
    defer { chunk.deallocate() }
    while true {
      let count = try readSome(chunk)
      if count == 0 { return bytes }
      guard bytes.count + count <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
      if bytes.count + count > bytes.capacity, !canAllocate(2 * bytes.capacity) {
        throw FileError(path, .noMemory(bytes: 2 * bytes.capacity))
      }
      bytes.append(contentsOf: chunk[..<count])
    }
  }

  /// Reads to the end into a block of memory, which the caller frees.
  package func readAllocated(limit: Int) throws(FileError) -> UnsafeRawBufferPointer {
    var (block, capacity, length) = (malloc(1 << 16), 1 << 16, 0)
    do throws(FileError) {
      while let start = block {
        let room = UnsafeMutableRawBufferPointer(start: start + length, count: capacity - length)
        let count = try readSome(room)
        if count == 0 { return UnsafeRawBufferPointer(start: start, count: length) }
        length += count
        guard length <= limit else { throw FileError(path, .tooLarge(limit: limit)) }
        guard length == capacity else { continue }
        capacity *= 2
        guard let larger = realloc(start, capacity) else { break }
        block = larger
      }
    } catch {
      free(block)
      throw error
    }
    free(block)
    throw FileError(path, .noMemory(bytes: capacity))
  }

  fileprivate func readStart(_ count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: FileError?
    let got = bytes.withUnsafeMutableBytes { buffer in
      do throws(FileError) { return try readSome(buffer) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return Array(bytes[..<got])
  }

  /// - Returns: how many bytes were read; 0 at the end.
  private func readSome(_ buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    while true {
      let count = read(descriptor, buffer.baseAddress, min(buffer.count, 1 << 30))
      if count >= 0 { return count }
      guard errno == EINTR else { throw FileError(reading: path) }
    }
  }
}

/// The first bytes of a regular file, at most so many; nil for anything else.
package func fileStart(_ path: String, _ count: Int) -> [UInt8]? {
  do throws(FileError) {
    let file = try OpenFile(path, .found)
    return try file.readStart(count)
  } catch {
    return nil
  }
}

/// Whether the system gives a block of memory, asked before an array of that size is made: an array
/// that gets none ends the process.
package func canAllocate(_ bytes: Int) -> Bool {
  guard bytes >= 1 << 20 else { return true }
  guard let block = malloc(bytes) else { return false }
  free(block)
  return true
}
