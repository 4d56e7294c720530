#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Makes a folder and those above it; one that is there stays as it is.
package func makeFolder(_ path: String) throws(WriteError) {
  let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  guard makeDirectory(path) != 0 else { return }
  switch errno {
  case EEXIST:
    guard FileStatus(path)?.kind == .folder else { throw WriteError(path, .isNoFolder) }
  case ENOTDIR: throw WriteError(path, .isNoFolder)
  case ENOENT where path.utf8.contains(UInt8(ascii: "/")):
    let error = WriteError(path)
    // A link that leads nowhere is in the way.
    guard FileStatus(path.folderName) == nil, path.folderName != path else { throw error }
    try makeFolder(path.folderName)
    guard makeDirectory(path) == 0 || errno == EEXIST else { throw WriteError(path) }
  default: throw WriteError(path)
  }
}

/// Removes a folder with all that is in it, or as much of it as can be. Links are not followed.
package func removeTree(_ path: String) {
  guard let status = fileStatus(path, followsLinks: false) else { return }
  guard status.st_mode & S_IFMT == S_IFDIR else {
    removeFile(path)
    return
  }
  for name in folderEntries(path) ?? [] { removeTree(path + "/" + name) }
  _ = path.withSystemPath { rmdir($0) }
}
