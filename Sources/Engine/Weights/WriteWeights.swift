public import PenumbraSupport

extension Weights {
  /// Writes a file that reads back as these weights: byte for byte the one they came from.
  ///
  /// The file appears whole or not at all. What the cfg marks with `dontload` is left out, as a
  /// reader with the same cfg expects.
  ///
  /// - Parameter layers: writes only the first `layers` layers, a backbone to start training from,
  ///   and no images seen, as Darknet's `partial` does.
  public func write(to path: String, upTo layers: Int? = nil) throws(WriteError) {
    let file = try AtomicFile(path)
    var header = header
    if layers != nil { header.seen = 0 }
    let bytes = header.bytes
    try Self.write(bytes, to: file)
    for entry in layout.entries where entry.offset != nil && entry.id.layer < layers ?? .max {
      let values = values(entry.id)
      if let transposition = entry.parameter.transposition, transposition.applies(to: header) {
        try Self.write(values, transposition, to: file)
      } else {
        try file.write(UnsafeRawBufferPointer(values))
      }
    }
    do throws(WeightsError) { try checkUnchanged() } catch {
      throw WriteError(path, .other("\(error.file) was truncated or written to while it was read"))
    }
    try file.commit()
  }

  private static func write(_ bytes: [UInt8], to file: AtomicFile) throws(WriteError) {
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
    defer { buffer.deallocate() }
    _ = buffer.initialize(from: bytes)
    try file.write(UnsafeRawBufferPointer(buffer))
  }

  /// Writes a matrix as the file holds it, some rows at a time.
  private static func write(
    _ values: UnsafeBufferPointer<Float>, _ matrix: Parameter.Transposition, to file: AtomicFile
  ) throws(WriteError) {
    let (rows, columns) = (matrix.rows, matrix.columns)
    let rowsAtOnce = max(1, min(rows, (1 << 18) / max(1, columns)))
    let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: rowsAtOnce * columns)
    defer { buffer.deallocate() }
    for first in stride(from: 0, to: rows, by: rowsAtOnce) {
      let part = first..<min(first + rowsAtOnce, rows)
      for row in part {
        for column in 0..<columns {
          buffer[(row - first) * columns + column] = values[column * rows + row]
        }
      }
      let bytes = part.count * columns * MemoryLayout<Float>.stride
      try file.write(UnsafeRawBufferPointer(start: buffer.baseAddress, count: bytes))
    }
  }
}
