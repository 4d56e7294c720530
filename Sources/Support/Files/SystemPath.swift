#if canImport(Darwin)
  package import Darwin
#else
  package import Glibc
#endif

// A file name is bytes, a `String` is not: every path of the program is a `String` in which a byte that
// is not part of valid UTF-8 is written as the private-use scalar U+10F700 + byte (U+10F780 to U+10F7FF).
// A name that holds one of these scalars itself has its four bytes written so. The form is reversible:
// different names are different strings, and `systemBytes` gives back the bytes of the name.

extension Unicode.Scalar {
  fileprivate static let byteEscapes: ClosedRange<UInt32> = 0x10F780...0x10F7FF

  /// The byte that this scalar stands for in a path, nil for text.
  package var escapedByte: UInt8? {
    Self.byteEscapes.contains(value) ? UInt8(truncatingIfNeeded: value) : nil
  }

  fileprivate init(escaping byte: UInt8) {
    self = Unicode.Scalar(0x10F700 + UInt32(byte)) ?? "\u{FFFD}"
  }
}

extension String {
  /// The path that the system's bytes spell.
  package init(systemBytes bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self), !text.holdsEscapedByte {
      self = text
      return
    }
    var scalars = String.UnicodeScalarView()
    var rest = bytes[...]
    while let first = rest.first {
      let length = Self.encodedLength(from: first)
      if let scalar = String(validating: rest.prefix(length), as: UTF8.self)?.unicodeScalars.first,
        scalar.escapedByte == nil
      {
        scalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        scalars.append(Unicode.Scalar(escaping: first))
        rest = rest.dropFirst()
      }
    }
    self = String(scalars)
  }

  private static func encodedLength(from first: UInt8) -> Int {
    switch first {
    case 0xC0...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xFF: 4
    default: 1
    }
  }

  /// The path that a string of C spells.
  package init(systemPath path: UnsafePointer<CChar>) {
    self.init(systemBytes: UnsafeRawBufferPointer(start: path, count: strlen(path)))
  }

  private var holdsEscapedByte: Bool { unicodeScalars.contains { $0.escapedByte != nil } }

  /// The bytes of the path as the system has them, for calls and for files that list paths.
  package var systemBytes: [UInt8] {
    guard utf8.contains(0xF4), holdsEscapedByte else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in scalar.escapedByte.map { [$0] } ?? Array(scalar.utf8)
    }
  }

  /// Whether the path holds a NUL, after which the system would ignore the rest.
  package var holdsNUL: Bool { utf8.contains(0) }

  /// Calls the system with the path.
  ///
  /// - Returns: nil, and `errno` is `EILSEQ`, for a path that holds a NUL.
  package func withSystemPath<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result? {
    guard !holdsNUL else {
      errno = EILSEQ
      return nil
    }
    return systemBytes.withUnsafeBufferPointer { bytes in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { path in
        for index in bytes.indices { path[index] = CChar(bitPattern: bytes[index]) }
        path[bytes.count] = 0
        return path.baseAddress.map { body($0) }
      }
    }
  }
}

// MARK: Calls

/// `open`: the descriptor, -1 with `errno` set on failure.
package func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0o666) -> Int32 {
  path.withSystemPath { open($0, flags, mode) } ?? -1
}

/// `stat`, or `lstat` where links are not followed; nil with `errno` set on failure.
package func fileStatus(_ path: String, followsLinks: Bool = true) -> stat? {
  var status = stat()
  let code = path.withSystemPath { followsLinks ? stat($0, &status) : lstat($0, &status) }
  return code == 0 ? status : nil
}

/// The names in a folder without `.` and `..`, in no order; nil with `errno` set on failure.
package func folderEntries(_ path: String) -> [String]? {
  guard let folder = path.withSystemPath({ opendir($0) }) ?? nil else { return nil }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
      field.withMemoryRebound(to: CChar.self, capacity: 1) { String(systemPath: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

/// `rename`: 0, or -1 with `errno` set.
package func renameFile(_ path: String, to target: String) -> Int32 {
  path.withSystemPath { old in target.withSystemPath { rename(old, $0) } ?? -1 } ?? -1
}

/// `unlink`: 0, or -1 with `errno` set.
@discardableResult
package func removeFile(_ path: String) -> Int32 { path.withSystemPath { unlink($0) } ?? -1 }

/// `mkdir`: 0, or -1 with `errno` set.
package func makeDirectory(_ path: String) -> Int32 {
  path.withSystemPath { mkdir($0, 0o777) } ?? -1
}

/// The absolute path without links; nil with `errno` set where nothing is there.
package func resolvedPath(_ path: String) -> String? {
  guard let real = path.withSystemPath({ realpath($0, nil) }) ?? nil else { return nil }
  defer { free(real) }
  return String(systemPath: real)
}

/// What a path leads to; nil where nothing is there.
package func isFolder(_ path: String) -> Bool? {
  fileStatus(path).map { $0.st_mode & S_IFMT == S_IFDIR }
}
