import Foundation

/// Any JSON: numbers are not looked at.
private struct AnyJSON: Decodable {
  init(from decoder: any Decoder) throws {}
}

/// Why a JSON text is not what was expected.
package struct JSONProblem: Error {
  /// In one line.
  package let text: String

  /// Where the error has no place, a number is out of range if the text is JSON at all.
  init(_ error: any Error, of text: Data) {
    guard let error = error as? DecodingError else {
      self.text = "it is not JSON"
      return
    }
    if case .dataCorrupted(let context) = error, context.codingPath.isEmpty,
      (try? JSONDecoder().decode(AnyJSON.self, from: text)) != nil
    {
      self.text =
        String(validating: text, as: UTF8.self) == nil
        ? "it is not UTF-8" : "a number in it is out of range, or a text no Unicode"
    } else {
      self.text = error.plainText
    }
  }
}

extension DecodingError {
  fileprivate var plainText: String {
    switch self {
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath)) has no '\(key.stringValue.quotable)'"
    case .typeMismatch(let type, let context):
      "\(place(context.codingPath)) is not \(word(type))"
    case .valueNotFound(let type, let context):
      "\(place(context.codingPath)) is null, expected \(word(type))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is not JSON" : "\(place(context.codingPath)) is no such value"
    @unknown default: "it is not as expected"
    }
  }
}

private func place(_ path: [any CodingKey]) -> String {
  let text = path.reduce("") { text, key in
    if let index = key.intValue { return text + "[\(index)]" }
    return text + (text.isEmpty ? "" : ".") + key.stringValue.quotable
  }
  return text.isEmpty ? "the file" : text
}

private func word(_ type: any Any.Type) -> String {
  switch type {
  case is Int.Type: "a whole number"
  case is Double.Type, is Float.Type: "a number"
  case is String.Type: "text"
  default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
  }
}
