import Foundation
import PenumbraSupport

/// Text that commands leave behind.
enum Output {
  /// Prints on stdout.
  static func line(_ text: String) { StandardOutput.line(text) }

  /// An object as JSON, keys in order, slashes as they are.
  static func json(_ value: some Encodable, pretty: Bool = true) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
