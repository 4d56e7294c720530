extension UInt16 {
  /// A UTF-16 unit as JSON writes it in a string: `\u202e`.
  fileprivate var hexDigits: String {
    let digits = String(self, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  var jsonEscape: String { "\\u" + hexDigits }
}

extension String {
  /// A JSON string with its quotes. What a terminal would obey is written as `\u` escapes.
  package var jsonLiteral: String {
    let escaped = unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      case "\r": "\\r"
      case "\t": "\\t"
      case ..<" ": UInt16(scalar.value).jsonEscape
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined().withInvisibleEscaped + "\""
  }

  /// A field of a CSV file, quoted where it must be.
  ///
  /// A field that spreadsheets would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a
  /// carriage return) gets an apostrophe before it, which they show as text.
  ///
  /// - Source: RFC 4180; OWASP, "CSV Injection".
  package var csvField: String {
    let isFormula = utf8.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    let text = isFormula ? "'" + self : self
    guard utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
    return "\"" + text.utf8.replacingQuotes + "\""
  }

  /// Text for XML, HTML and SVG, between tags or in quotes. Characters that XML 1.0 cannot hold become
  /// U+FFFD.
  package var xmlEscaped: String {
    unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\t", "\n", "\r": result += "&#\(scalar.value);"
      case "\0"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text as one line of a file that has an entry a line: line ends become spaces, so that no
  /// entry after it moves.
  package var oneLine: String {
    guard unicodeScalars.contains(where: \.isLineEnd) else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.isLineEnd ? " " : $0 }))
  }

  /// Text for one cell of a Markdown table, or for a list item: on one line, shown as it is.
  package var markdownEscaped: String {
    printable.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case "\t": result += " "
      case "\\", "|", "`", "*", "[": result += "\\\(scalar)"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text of a label in a Mermaid chart, without its quotes; lines stay lines.
  package var mermaidEscaped: String {
    printableLines.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "#quot;"
      case "#": result += "#35;"
      case "\n": result += "<br/>"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  /// A string in Graphviz's language with its quotes; lines stay lines.
  package var dotLiteral: String {
    let escaped = printableLines.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\", "\"": result += "\\\(scalar)"
      case "\n": result += "\\n"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return "\"" + escaped + "\""
  }
}

extension Unicode.Scalar {
  fileprivate var isLineEnd: Bool {
    switch value {
    case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
    default: false
    }
  }
}

extension String.UTF8View {
  /// The text with every double quote doubled. A quote followed by a combining character is one, too.
  fileprivate var replacingQuotes: String {
    let quote = UInt8(ascii: "\"")
    return String(decoding: flatMap { $0 == quote ? [quote, quote] : [$0] }, as: UTF8.self)
  }
}
