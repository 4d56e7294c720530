import Foundation
import PenumbraSupport

/// The first bytes of a file, by which its kind is recognised.
enum FileStart {
  /// Nil for what cannot be read.
  static func bytes(of path: String, count: Int = FileKind.length) -> [UInt8]? {
    guard PathKind(path) == .file else { return nil }
    let descriptor = openFile(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: count)
    let found = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    return found < 0 ? nil : Array(bytes[..<found])
  }
}
