package import Foundation

/// How every JSON text of the package is written and read.
///
/// JSON has no form for numbers that are not finite; here they are the strings "inf", "-inf" and
/// "nan", when they are written and when they are read.
package enum JSON {
  /// An encoder with sorted keys and slashes as they are.
  package static func encoder(pretty: Bool = false) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    if pretty { encoder.outputFormatting.insert(.prettyPrinted) }
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }

  package static func decoder() -> JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }

  /// Decodes a file that a person made or found.
  ///
  /// - Throws: `JSONProblem`, in words for that person.
  package static func decode<Value: Decodable>(
    _ type: Value.Type, from text: Data
  ) throws(JSONProblem) -> Value {
    do {
      return try decoder().decode(type, from: text)
    } catch {
      throw JSONProblem(error, of: text)
    }
  }
}
