#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Copies a file of any length, piece by piece.
package func copyFile(
  _ source: String, to path: String, durability: AtomicFile.Durability = .disk
) throws(WriteError) {
  let descriptor = openFile(source, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw WriteError(source, .other("reading: " + systemReason())) }
  defer { close(descriptor) }
  let file = try AtomicFile(path, durability: durability)
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 1)
  defer { piece.deallocate() }
  while true {
    let count = read(descriptor, piece.baseAddress, piece.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw WriteError(source, .other("reading: " + systemReason())) }
    guard count > 0 else { break }
    try file.write(UnsafeRawBufferPointer(rebasing: piece[..<count]))
  }
  try file.commit()
}

/// Makes a symbolic link, in place of a file or link of that name.
package func makeLink(_ path: String, to destination: String) throws(WriteError) {
  for _ in 0..<100 {
    let new = path.folderName + "/" + Leftovers.newName()
    let code = destination.withSystemPath { to in new.withSystemPath { symlink(to, $0) } ?? -1 }
    guard code == 0 else {
      guard errno == EEXIST else { throw WriteError(path) }
      continue
    }
    guard renameFile(new, to: path) == 0 else {
      let error = WriteError(path)
      removeFile(new)
      throw error
    }
    return
  }
  throw WriteError(path, errno: EEXIST)
}
