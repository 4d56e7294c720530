import Foundation
package import PenumbraEngine
import PenumbraSupport

/// `NAME_last.state`: one file with the weights and whatever else decides how a run goes on, so that
/// a kill at any moment leaves a state that is whole.
///
/// Layout: 8 bytes of magic; bytes of the description and its checksum, 64 bits each, little endian;
/// the description, JSON, filled up with blanks to a multiple of 64 bytes; the buffers' numbers in
/// its order, as they lie in memory. The numbers' byte order is the machine's.
package struct StateFile {
  /// The numbers of one kind: `weights` first, then what the optimizer keeps.
  package struct Buffer {
    let name: String
    let values: ParameterBuffer

    package init(name: String, values: ParameterBuffer) {
      (self.name, self.values) = (name, values)
    }
  }

  private struct Description: Codable {
    struct Part: Codable {
      let name: String
      let floats: Int
      let checksum: String
    }
    var format: Int
    var state: TrainingState
    var parameters: Int
    var parts: [Part]
  }

  private static let magic = Array("pnmbrst1".utf8)
  private static let format = 1

  package let path: String
  private let file: MappedFile
  private let description: Description
  /// Where the first buffer begins.
  private let start: Int

  package var state: TrainingState { description.state }

  // MARK: Writing

  /// Writes the file whole or not at all.
  package static func write(
    _ state: TrainingState, _ buffers: [Buffer], to path: String
  ) throws {
    let parts = buffers.map {
      Description.Part(
        name: $0.name, floats: $0.values.values.count,
        checksum: checksumText(UnsafeRawBufferPointer($0.values.values)))
    }
    let description = Description(
      format: format, state: state, parameters: buffers.first?.values.layout.count ?? 0,
      parts: parts)
    var text = Array(try JSON.encoder().encode(description))
    text += [UInt8](repeating: UInt8(ascii: " "), count: (64 - (24 + text.count) % 64) % 64)
    var bytes = magic
    withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes += $0 }
    withUnsafeBytes(of: text.withUnsafeBytes(Checksum.of).littleEndian) { bytes += $0 }
    bytes += text

    let file = try AtomicFile(path)
    let start = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { start.deallocate() }
    start.copyBytes(from: bytes)
    try file.write(UnsafeRawBufferPointer(start))
    for buffer in buffers { try file.write(UnsafeRawBufferPointer(buffer.values.values)) }
    try file.commit()
  }

  // MARK: Reading

  /// Opens a file and checks its description; the numbers are checked when they are restored.
  package init(_ path: String) throws {
    do throws(WeightsError) {
      file = try MappedFile(path, from: .found)
    } catch {
      if error.reason == .notFound { throw StateError(path, .notFound) }
      throw error
    }
    self.path = path
    let bytes = file.bytes
    guard bytes.count >= 24, bytes.prefix(8).elementsEqual(Self.magic) else {
      throw StateError(path, .notAState)
    }
    func word(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    guard word(8) <= UInt64(bytes.count - 24) else { throw StateError(path, .notAState) }
    start = 24 + Int(word(8))
    let text = UnsafeRawBufferPointer(rebasing: bytes[24..<start])
    guard Checksum.of(text) == word(16) else {
      throw StateError(path, .damaged(part: "descriptions"))
    }
    struct Format: Codable { let format: Int }
    let decoder = JSON.decoder()
    guard let format = try? decoder.decode(Format.self, from: Data(text)).format else {
      throw StateError(path, .notAState)
    }
    guard format <= Self.format else { throw StateError(path, .newerFormat(format)) }
    guard let found = try? decoder.decode(Description.self, from: Data(text)),
      found.parts.allSatisfy({ $0.floats >= 0 }),
      found.parts.reduce(0, { saturatingSum($0, saturatingProduct(4, $1.floats)) })
        == bytes.count - start
    else { throw StateError(path, .notAState) }
    if let fault = found.state.fault { throw StateError(path, .implausible(fault)) }
    description = found
  }

  /// Copies the numbers of each name into its buffer.
  package func restore(_ buffers: [Buffer]) throws(StateError) {
    for buffer in buffers {
      var offset = start
      guard let index = description.parts.firstIndex(where: { $0.name == buffer.name }) else {
        throw StateError(path, .lacks(buffer.name))
      }
      for part in description.parts[..<index] { offset += 4 * part.floats }
      let part = description.parts[index]
      guard part.floats == buffer.values.values.count,
        description.parameters == buffer.values.layout.count
      else {
        throw StateError(
          path,
          .otherNetwork(found: description.parameters, expected: buffer.values.layout.count))
      }
      let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[offset..<offset + 4 * part.floats])
      guard Self.checksumText(bytes) == part.checksum else {
        throw StateError(path, .damaged(part: buffer.name))
      }
      UnsafeMutableRawBufferPointer(buffer.values.values).copyMemory(from: bytes)
      guard buffer.values.isSound else { throw StateError(path, .broken(buffer.name)) }
    }
    do throws(WeightsError) { try file.checkUnchanged() } catch {
      throw StateError(path, .damaged(part: "numbers, which changed while they were read"))
    }
  }

  private static func checksumText(_ bytes: UnsafeRawBufferPointer) -> String {
    String(Checksum.of(bytes), radix: 16)
  }
}
