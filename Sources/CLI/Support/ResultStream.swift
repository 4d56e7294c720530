import Foundation
import PenumbraSupport

/// Where results are printed: stdout, line by line, or a file that appears whole at the end.
final class ResultStream {
  /// Nil for stdout.
  private let file: AtomicFile?
  private var pending: [UInt8] = []
  /// Bytes from which the file is written without waiting for more.
  private static let limit = 1 << 16

  /// - Parameter file: replaced when it exists, once `finish` is called; nil is stdout.
  init(file: String? = nil) throws(WriteError) {
    self.file = try file.map { path throws(WriteError) in try AtomicFile(path) }
  }

  func write(_ text: String) throws(WriteError) {
    guard let file else {
      return try StandardOutput.write(StandardOutput.isTerminal ? text.printableLines : text)
    }
    pending += text.utf8
    if pending.count >= Self.limit { try write(to: file) }
  }

  /// Nothing comes after this.
  func finish() throws(WriteError) {
    guard let file else { return try StandardOutput.flush() }
    try write(to: file)
    try file.commit()
  }

  private func write(to file: AtomicFile) throws(WriteError) {
    let bytes = pending
    pending.removeAll(keepingCapacity: true)
    try file.write(bytes)
  }
}
