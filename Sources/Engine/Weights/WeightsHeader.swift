/// The first 16 or 20 bytes of a weights file.
///
/// Source: Darknet `parser.c` (`load_weights_upto`), the original one for legacy versions.
public struct WeightsHeader: Hashable, Sendable, Codable {
  public var major: Int32
  public var minor: Int32
  public var revision: Int32
  /// Images seen in training.
  public var seen: UInt64

  public init(major: Int32 = 0, minor: Int32 = 2, revision: Int32 = 5, seen: UInt64 = 0) {
    self.major = major
    self.minor = minor
    self.revision = revision
    self.seen = seen
  }

  /// Whether `seen` takes 8 bytes rather than 4.
  public var hasWideSeen: Bool {
    Int(major) * 10 + Int(minor) >= 2 && major < 1000 && minor < 1000
  }
  /// Whether the matrices of connected layers are stored inputs first.
  public var isTransposed: Bool { major > 1000 || minor > 1000 }
  /// Whether a program is known that writes such a version.
  public var isPlausible: Bool {
    (0...20).contains(major) && (0...20).contains(minor) && (0...1000).contains(revision)
      || isTransposed && major <= 2000 && minor <= 2000 && major >= 0 && minor >= 0
  }

  public var byteCount: Int { hasWideSeen ? 20 : 16 }

  /// Nil when there are too few bytes.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= 16 else { return nil }
    func int(_ offset: Int) -> Int32 {
      Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    }
    self.init(major: int(0), minor: int(4), revision: int(8))
    guard bytes.count >= byteCount else { return nil }
    seen =
      hasWideSeen
      ? UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 12, as: UInt64.self))
      : UInt64(UInt32(bitPattern: int(12)))
  }

  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for value in [major, minor, revision] {
      withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
    withUnsafeBytes(of: seen.littleEndian) { bytes += $0.prefix(hasWideSeen ? 8 : 4) }
    return bytes
  }
}
