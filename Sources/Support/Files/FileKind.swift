/// What a file is by its bytes, whatever it is called.
package enum FileKind: Hashable, Sendable {
  case cfg, data, weights, picture, labels, list, text
  case page, json, yaml, xml, archive, document, lfsPointer, unmarkedUTF16, binary
  /// Weights or a network of another framework.
  case model(ForeignModel)

  /// - Parameter start: the first bytes of a file, or all of them; nil for none.
  package init?(_ start: some Collection<UInt8>) {
    let bytes = Array(start.prefix(Self.length))
    if bytes.isEmpty { return nil }
    if bytes.starts(with: Self.lfsStart) {
      self = .lfsPointer
    } else if TextEncoding(markOf: bytes) != .utf8 {
      self = FileKind(text: utf8Text(bytes))
    } else if let model = ForeignModel(bytes) {
      self = .model(model)
    } else if let kind = Self.signed(bytes) {
      self = kind
    } else if Self.startsLikeWeights(bytes) {
      self = .weights
    } else if bytes.contains(0), Self.looksLikeUTF16(bytes) {
      self = .unmarkedUTF16
    } else if Self.isBinary(bytes) {
      self = .binary
    } else {
      self = FileKind(text: utf8Text(bytes))
    }
  }

  /// How many bytes decide.
  package static let length = 4096

  /// As a message names it.
  package var name: String {
    switch self {
    case .cfg: "a cfg file"
    case .data: "a .data file"
    case .weights: "a weights file"
    case .picture: "a picture"
    case .labels: "a label file"
    case .list: "a list of pictures"
    case .text: "plain text, such as class names"
    case .page: "a web page"
    case .model(let model): model.name
    case .json: "a JSON file"
    case .yaml: "a YAML file, such as a data set or network of Ultralytics"
    case .xml: "an XML file"
    case .archive: "an archive"
    case .document: "a PDF document"
    case .lfsPointer: "a Git LFS pointer, which stands for a file that was not downloaded"
    case .unmarkedUTF16: "text in UTF-16 without a byte order mark"
    case .binary: "a binary file"
    }
  }

  /// What to do about a file of this kind in the place of another, where its kind alone says so.
  package var remedy: String? {
    switch self {
    case .lfsPointer: "run 'git lfs pull' in the folder of the file"
    case .page: "download the file itself, not the page that shows it"
    case .archive: "unpack it first"
    case .yaml:
      "write what it says in Darknet's files: class names one a line, 'train =' and 'valid =' in a"
        + " .data file, a network as a cfg"
    case .unmarkedUTF16: "save it as UTF-8"
    case .model: "Penumbra reads networks of Darknet alone: a .cfg and its .weights"
    default: nil
    }
  }

  // MARK: Signatures

  private static let lfsStart = Array("version https://git-lfs.github.com/spec/".utf8)

  private static let signatures: [(kind: FileKind, bytes: [UInt8])] = [
    (.picture, [0xFF, 0xD8, 0xFF]), (.picture, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
    (.picture, Array("GIF8".utf8)), (.picture, Array("8BPS".utf8)),
    (.picture, [0x49, 0x49, 0x2A, 0]), (.picture, [0x4D, 0x4D, 0, 0x2A]),
    (.archive, [0x50, 0x4B, 3, 4]), (.archive, [0x1F, 0x8B]), (.archive, [0x37, 0x7A, 0xBC, 0xAF]),
    (.archive, [0xFD, 0x37, 0x7A, 0x58, 0x5A]), (.archive, Array("Rar!".utf8)),
    (.document, Array("%PDF-".utf8)),
  ]

  private static func signed(_ bytes: [UInt8]) -> FileKind? {
    if let known = signatures.first(where: { bytes.starts(with: $0.bytes) }) { return known.kind }
    let isNetpbm =
      bytes.count > 2 && bytes[0] == UInt8(ascii: "P") && [0x35, 0x36].contains(bytes[1])
      && [0x20, 0x0A, 0x0D, 0x09].contains(bytes[2])
    // "BM" begins words, too; a bitmap's header has zeros.
    let isBitmap = bytes.starts(with: Array("BM".utf8)) && bytes.prefix(26).contains(0)
    let box = bytes.count >= 12 ? Array(bytes[4..<8]) : []
    let isWebP =
      bytes.starts(with: Array("RIFF".utf8)) && bytes.dropFirst(8).starts(with: "WEBP".utf8)
    let isHEIF = box == Array("ftyp".utf8)
    return isNetpbm || isBitmap || isWebP || isHEIF ? .picture : nil
  }

  /// Version 0.1 to 2.9 in 32-bit numbers.
  private static func startsLikeWeights(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 16 else { return false }
    let isSmall = bytes[0] <= 2 && bytes[4] <= 9 && bytes[8] <= 99
    return isSmall && [1..<4, 5..<8, 9..<12].allSatisfy { bytes[$0].allSatisfy { $0 == 0 } }
  }

  /// More than one byte in 16 is a control character that no text has. A stray one does not decide.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    bytes.count { $0 < 9 || (14..<32).contains($0) && $0 != 0x1B } * 16 > bytes.count
  }

  /// Every other byte is zero and the ones between are text.
  private static func looksLikeUTF16(_ bytes: [UInt8]) -> Bool {
    let pairs = stride(from: 0, to: bytes.count - 1, by: 2).map { (bytes[$0], bytes[$0 + 1]) }
    func count(_ isHigh: ((UInt8, UInt8)) -> UInt8, _ low: ((UInt8, UInt8)) -> UInt8) -> Int {
      pairs.count { isHigh($0) == 0 && (low($0) >= 0x20 || [9, 10, 13].contains(low($0))) }
    }
    let most = max(count(\.0, \.1), count(\.1, \.0))
    return pairs.count >= 2 && most * 4 >= pairs.count * 3
  }

  // MARK: Text

  private init(text: [UInt8]) {
    let lines = textLines(text).prefix(64).map { $0.filter { $0 != "\0" } }
    let start = String(decoding: text.prefix(512), as: UTF8.self).lowercased()
    let trimmed = start.drop(while: \.isWhitespace)
    if trimmed.hasPrefix("<!doctype html") || trimmed.hasPrefix("<html") {
      self = .page
    } else if trimmed.hasPrefix("<?xml") || trimmed.hasPrefix("<annotation") {
      self = start.contains("<html") ? .page : .xml
    } else if Self.looksLikeJSON(trimmed) {
      self = .json
    } else {
      self = Self.kind(of: lines)
    }
  }

  private static func looksLikeJSON(_ text: Substring) -> Bool {
    let rest = text.dropFirst().drop(while: \.isWhitespace)
    guard let next = rest.first else { return false }
    return text.first == "{" ? next == "\"" || next == "}" : text.first == "[" && next == "{"
  }

  private static func kind(of lines: [String]) -> FileKind {
    let content = lines.map { $0.filter { !$0.isWhitespace } }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") }
    if content.contains(where: { $0.hasPrefix("[") }), content.contains(where: { $0.contains("=") })
    {
      return .cfg
    }
    if isYAML(lines) { return .yaml }
    let keys = content.filter { $0.contains("=") }.map { String($0.prefix { $0 != "=" }) }
    if keys.contains(where: dataKeys.contains) { return .data }
    if content.first?.lowercased() == "[net]" { return .cfg }
    let filled = lines.filter { !$0.allSatisfy(\.isWhitespace) }
    if isMost(filled, isLabel) { return .labels }
    return isMost(filled, namesPicture) ? .list : .text
  }

  /// Whether the lines have keys that data sets and networks have in YAML, and names of classes have not.
  private static func isYAML(_ lines: [String]) -> Bool {
    let keys = Set(lines.compactMap { line in line.firstIndex(of: ":").map { line[..<$0] } })
    return keys.isSuperset(of: ["nc", "names"]) || keys.isSuperset(of: ["train", "val"])
      || keys.isSuperset(of: ["train", "names"])
      || keys.isSuperset(of: ["backbone", "head"])
      || lines.contains { $0.hasPrefix("nc:") && Int($0.dropFirst(3).filter { $0 != " " }) != nil }
  }

  static let dataKeys: Set = ["train", "valid", "names", "labels", "backup"]

  private static func isMost(_ lines: [String], _ condition: (String) -> Bool) -> Bool {
    let count = lines.count(where: condition)
    return count > 0 && count * 4 >= lines.count * 3
  }

  private static func isLabel(_ line: String) -> Bool {
    let fields = line.split(whereSeparator: \.isWhitespace)
    return fields.count == 5 && fields.allSatisfy { Double($0) != nil }
  }

  private static func namesPicture(_ line: String) -> Bool {
    let line = line.lowercased()
    return ["jpg", "jpeg", "png", "bmp", "gif", "tga", "ppm", "pgm", "webp", "tif", "tiff"]
      .contains { line.hasSuffix("." + $0) || line.hasSuffix("." + $0 + " ") }
  }
}
