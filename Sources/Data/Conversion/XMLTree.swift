import Foundation
import PenumbraCfg
import PenumbraSupport

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// An element of an XML file.
final class XMLTree {
  let name: String
  let line: Int
  private(set) var children: [XMLTree] = []
  private(set) var text = ""

  private init(_ name: String, line: Int) {
    self.name = name
    self.line = line
  }

  /// The first child so named.
  subscript(_ name: String) -> XMLTree? { children.first { $0.name == name } }

  /// The text without blanks at its ends.
  var trimmedText: String {
    text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The number that the text is; nil where it is none.
  var number: Double? { Double(trimmedText).flatMap { $0.isFinite ? $0 : nil } }

  /// Reads a file. Nothing outside of it is read, whatever it refers to.
  ///
  /// - Throws: `DataError`: unreadable, or no XML, with the line.
  static func read(_ path: String) throws(DataError) -> XMLTree {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, limit: 1 << 26) } catch {
      throw DataError(.unreadable(error), file: path)
    }
    let builder = Builder()
    let parser = XMLParser(data: Data(bytes))
    parser.shouldResolveExternalEntities = false
    parser.delegate = builder
    guard parser.parse(), builder.isComplete, let root = builder.root else {
      throw DataError(
        .badFormat(detail: "this is no XML file, see line \(max(parser.lineNumber, 1))"), file: path
      )
    }
    return root
  }

  /// Builds the tree; deeper than any annotation it gives up.
  private final class Builder: NSObject, XMLParserDelegate {
    private(set) var root: XMLTree?
    private var open: [XMLTree] = []
    private static let deepest = 64
    /// Whether every element was closed; some parsers do not mind an early end.
    var isComplete: Bool { open.isEmpty }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      guard open.count < Self.deepest else { return parser.abortParsing() }
      let element = XMLTree(name, line: parser.lineNumber)
      if root == nil { root = element }
      open.last?.children.append(element)
      open.append(element)
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) { open.last?.text += text }
  }
}
