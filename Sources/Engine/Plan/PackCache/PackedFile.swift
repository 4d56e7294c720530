import PenumbraCompute
import PenumbraSupport

/// A file of packed weights: 64-bit little-endian words, then floats.
///
/// Words: magic, key, checksum of all that follows, number of blocks, floats of each block. Every
/// block of floats starts at a multiple of 64 bytes, in the order in which kernels packed them.
final class PackedFile: Sendable {
  /// Of this layout and of how kernels pack: raised when either changes.
  private static let version = 2
  /// "PENPACK" and a zero, as bytes.
  private static let magic: UInt64 = 0x004B_4341_504E_4550
  private static let headerWords = 4

  /// Why a file is not used.
  struct Rejection: Error {
    let reason: PackCacheOutcome.Reason
  }

  private let file: MappedFile
  /// Where each block starts, in bytes, and how many floats it has.
  private let blocks: [(start: Int, count: Int)]

  var count: Int { blocks.count }

  init(_ path: String, key: UInt64) throws(Rejection) {
    // Neither read nor written to.
    if let status = FileStatus(path), status.kind != .regular {
      throw Rejection(reason: .isForeign)
    }
    do throws(WeightsError) {
      file = try MappedFile(path, from: .found)
    } catch {
      throw Rejection(reason: error.reason == .notFound ? .isMissing : .isUnreadable)
    }
    let bytes = file.bytes
    func word(_ index: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
    }
    guard Self.isOurs(bytes) else { throw Rejection(reason: .isForeign) }
    let header = 8 * Self.headerWords
    guard bytes.count >= header, word(0) == Self.magic else { throw Rejection(reason: .isDamaged) }
    guard word(1) == key else { throw Rejection(reason: .isOther) }
    guard word(3) <= UInt64((bytes.count - header) / 8) else { throw Rejection(reason: .isDamaged) }
    let rest = UnsafeRawBufferPointer(rebasing: bytes[24...])
    guard word(2) == Checksum.of(rest) else { throw Rejection(reason: .isDamaged) }
    let counts = (0..<Int(word(3))).map { Int(truncatingIfNeeded: word(Self.headerWords + $0)) }
    guard counts.allSatisfy({ $0 >= 0 && $0 <= bytes.count }) else {
      throw Rejection(reason: .isDamaged)
    }
    let (blocks, end) = Self.places(counts)
    guard end == bytes.count else { throw Rejection(reason: .isDamaged) }
    self.blocks = blocks
  }

  /// - Throws: `WeightsError` when the file was truncated or written to since it was opened.
  func checkUnchanged() throws(WeightsError) { try file.checkUnchanged() }

  func floats(_ index: Int, count: Int) -> UnsafePointer<Float>? {
    guard index < blocks.count, blocks[index].count == count, let base = file.bytes.baseAddress
    else { return nil }
    return (base + blocks[index].start).assumingMemoryBound(to: Float.self)
  }

  /// Whether most of the magic is there; damage may have changed some of it.
  private static func isOurs(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let start = withUnsafeBytes(of: magic.littleEndian) { zip($0, bytes).count { $0 == $1 } }
    return 2 * start >= min(bytes.count, 8)
  }

  // MARK: Writing

  static func write(_ packed: [PackedFloats], key: UInt64, to path: String) throws(WriteError) {
    let (blocks, end) = places(packed.map(\.count))
    var words = [magic, key, 0, UInt64(packed.count)] + packed.map { UInt64($0.count) }
    words = words.map(\.littleEndian)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: end, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    words.withUnsafeBytes { memory.copyMemory(from: $0) }
    for (block, floats) in zip(blocks, packed) {
      let bytes = UnsafeRawBufferPointer(start: floats.base, count: 4 * floats.count)
      UnsafeMutableRawBufferPointer(rebasing: memory[block.start...]).copyMemory(from: bytes)
    }
    let checksum = Checksum.of(
      UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(memory)[24...]))
    memory.storeBytes(of: checksum.littleEndian, toByteOffset: 16, as: UInt64.self)
    let file = try AtomicFile(path)
    try file.write(UnsafeRawBufferPointer(memory))
    try file.commit()
  }

  /// Where blocks of floats start, and where the file ends.
  private static func places(_ counts: [Int]) -> (blocks: [(start: Int, count: Int)], end: Int) {
    var end = 8 * (headerWords + counts.count)
    let blocks = counts.map { count in
      let start = (end + 63) / 64 * 64
      end = start + 4 * count
      return (start: start, count: count)
    }
    return (blocks, end)
  }

  // MARK: Key

  /// Of all that decides what kernels pack: the numbers, the steps and how each is computed, the
  /// kernels of this machine.
  static func key(_ program: Program, _ precision: Precision, weights: UInt64) -> UInt64 {
    var text = "\(version) \(weights) \(Kernels.current.instructionSet) \(precision)"
    text += " \(NumberFormat.allCases.filter(\.isSupported))"
    for step in program.steps {
      let layouts = (step.inputs + [step.output]).map { program[$0] }
      text += "\n\(step.layer) \(step.operation) "
      text += layouts.map { "\($0.shape) \($0.layout.channelBlock)" }.joined(separator: ",")
    }
    return Array(text.utf8).withUnsafeBytes { Checksum.of($0) }
  }
}
