import Foundation
import PenumbraSupport

/// Text that commands leave behind.
enum Output {
  /// Prints on stdout.
  static func line(_ text: String) { StandardOutput.line(text.printableLines) }

  /// Prints an object as JSON. JSON escapes by itself what a terminal would obey.
  static func object(_ value: some Encodable, pretty: Bool = true) throws {
    StandardOutput.line(try json(value, pretty: pretty))
  }

  /// An object as JSON, in the form of `JSON`.
  static func json(_ value: some Encodable, pretty: Bool = true) throws -> String {
    String(decoding: try JSON.encoder(pretty: pretty).encode(value), as: UTF8.self)
      .withInvisibleEscaped
  }
}
