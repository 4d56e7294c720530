/// How a text file is encoded: what its byte order mark says, else UTF-8.
package enum TextEncoding: Hashable, Sendable, CaseIterable {
  case utf8, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian

  /// - Parameter bytes: the start of a file.
  package init(markOf bytes: some Collection<UInt8>) {
    // The mark of UTF-32 begins with that of UTF-16, and so comes first.
    let order: [TextEncoding] = [
      .utf32LittleEndian, .utf32BigEndian, .utf16LittleEndian, .utf16BigEndian,
    ]
    self = order.first { bytes.starts(with: $0.mark) } ?? .utf8
  }

  /// The byte order mark.
  package var mark: [UInt8] {
    switch self {
    case .utf8: [0xEF, 0xBB, 0xBF]
    case .utf16LittleEndian: [0xFF, 0xFE]
    case .utf16BigEndian: [0xFE, 0xFF]
    case .utf32LittleEndian: [0xFF, 0xFE, 0, 0]
    case .utf32BigEndian: [0, 0, 0xFE, 0xFF]
    }
  }

  /// Bytes of one code unit.
  private var width: Int {
    switch self {
    case .utf8: 1
    case .utf16LittleEndian, .utf16BigEndian: 2
    case .utf32LittleEndian, .utf32BigEndian: 4
    }
  }

  private var isLittleEndian: Bool { self == .utf16LittleEndian || self == .utf32LittleEndian }

  // MARK: Bytes

  /// The text as UTF-8 without a mark. What is not valid becomes U+FFFD, but UTF-8 stays as it is.
  package func decoded(_ bytes: [UInt8]) -> [UInt8] {
    let text = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
    return switch width {
    case 1: text.count == bytes.count ? bytes : Array(text)
    case 2: Array(String(decoding: units(text).map { UInt16($0) }, as: UTF16.self).utf8)
    default: Array(String(decoding: units(text), as: UTF32.self).utf8)
    }
  }

  /// The bytes of a text given as UTF-8, with the mark.
  package func encoded(_ text: [UInt8]) -> [UInt8] {
    let string = String(decoding: text, as: UTF8.self)
    return switch width {
    case 1: text
    case 2: mark + string.utf16.flatMap { bytes(of: UInt32($0)) }
    default: mark + string.unicodeScalars.flatMap { bytes(of: $0.value) }
    }
  }

  private func units(_ bytes: ArraySlice<UInt8>) -> [UInt32] {
    stride(from: bytes.startIndex, through: bytes.endIndex - width, by: width).map { start in
      (0..<width).reduce(0) { $0 | UInt32(bytes[start + $1]) << shift($1) }
    }
  }

  private func bytes(of unit: UInt32) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: unit >> shift($0)) }
  }

  /// How far byte `index` of a code unit is shifted.
  private func shift(_ index: Int) -> UInt32 {
    UInt32(8 * (isLittleEndian ? index : width - 1 - index))
  }
}

/// The text of a file as UTF-8 without a byte order mark.
///
/// Every text that a person writes (cfgs, `.data` files, names, lists, labels, trees) is read by this
/// one rule: UTF-8, or UTF-16 and UTF-32 where their byte order mark says so.
package func utf8Text(_ bytes: [UInt8]) -> [UInt8] { TextEncoding(markOf: bytes).decoded(bytes) }

/// The lines of a text without their ends (LF, CRLF or a lone CR) and without a byte order mark. An
/// empty line is a line; nothing after the last end is none.
///
/// - Parameter arePaths: whether bytes that are not UTF-8 are kept, as in the paths of the system;
///   else they become U+FFFD.
package func textLines(_ bytes: [UInt8], arePaths: Bool = false) -> [String] {
  var lines: [String] = []
  let text = utf8Text(bytes)
  var start = text.startIndex
  while start < text.endIndex {
    let end = text[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.endIndex
    let line = text[start..<end]
    lines.append(arePaths ? String(systemBytes: line) : String(decoding: line, as: UTF8.self))
    let isPair = end + 1 < text.endIndex && text[end] == 0x0D && text[end + 1] == 0x0A
    start = end + (isPair ? 2 : 1)
  }
  return lines
}
