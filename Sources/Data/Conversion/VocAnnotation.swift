import PenumbraSupport

/// What a Pascal VOC annotation says, as it is written.
///
/// - Source: the VOC development kit.
struct VocAnnotation {
  struct Object {
    let line: Int
    var name: String?
    var difficult: String?
    /// `xmin`, `ymin`, `xmax` and `ymax`.
    var edges: [String?] = [nil, nil, nil, nil]
  }

  var filename: String?
  var folder: String?
  var width: String?
  var height: String?
  var objects: [Object] = []
  /// The line of `<annotation>`.
  var line = 1

  /// Reads a file.
  ///
  /// - Throws: `DataError` where it cannot be read at all or expat is missing, else
  ///   `DataError.Reason.fault`.
  static func read(_ path: String) throws(DataError) -> VocAnnotation {
    if let failure = XMLStream.loadFailure { throw DataError(.missingLibrary(failure), file: path) }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, limit: 1 << 26, from: .found) } catch {
      throw DataError(.unreadable(error), file: path)
    }
    let reader = VocElements()
    do throws(XMLFault) { try XMLStream.read(bytes, into: reader) } catch {
      throw DataError(
        .fault(
          DataFault(
            .unreadableLabels, file: path, line: error.line,
            "this is no VOC annotation: \(error.problem)", effect: .imageLeftOut)), file: path)
    }
    return reader.annotation
  }
}

/// Takes an annotation from the elements of a file, and holds nothing else of it.
private final class VocElements: XMLReceiver {
  private(set) var annotation = VocAnnotation()
  private var path: [String] = []
  /// The bytes of the element that is read, where it is one of the annotation's.
  private var content: [UInt8] = []
  private var isAsked = false

  private static let deepest = 64
  private static let longestText = 1 << 14
  private static let mostObjects = 1 << 18

  func open(_ name: String, line: Int) -> String? {
    if path.isEmpty {
      guard name == "annotation" else { return "its first element is <\(name.quotable)>" }
      annotation.line = line
    }
    guard path.count < Self.deepest else { return "more than \(Self.deepest) elements are nested" }
    path.append(name)
    if path.count == 2, name == "object" {
      guard annotation.objects.count < Self.mostObjects else {
        return "more than \(Self.mostObjects) objects"
      }
      annotation.objects.append(.init(line: line))
    }
    isAsked = field != nil
    content = []
    return nil
  }

  func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    guard isAsked else { return nil }
    guard content.count + bytes.count <= Self.longestText else {
      return "a text of more than \(Self.longestText) bytes"
    }
    unsafe content.append(contentsOf: bytes)
    return nil
  }

  func close() -> String? {
    if isAsked, let field {
      let value = String(decoding: content, as: UTF8.self).singleSpaced
      set(value, field)
    }
    isAsked = false
    path.removeLast()
    return nil
  }

  // MARK: Fields

  private enum Field {
    case filename, folder, width, height, name, difficult
    case edge(Int)
  }

  private var field: Field? {
    switch path.count {
    case 2: ["filename": Field.filename, "folder": .folder][path[1]]
    case 3: nested
    case 4 where path[1] == "object" && path[2] == "bndbox":
      ["xmin", "ymin", "xmax", "ymax"].firstIndex(of: path[3]).map(Field.edge)
    default: nil
    }
  }

  private var nested: Field? {
    switch (path[1], path[2]) {
    case ("size", "width"): .width
    case ("size", "height"): .height
    case ("object", "name"): .name
    case ("object", "difficult"): .difficult
    default: nil
    }
  }

  /// The first of several elements counts.
  private func set(_ value: String, _ field: Field) {
    func fill(_ target: inout String?) { if target == nil { target = value } }
    let last = annotation.objects.count - 1
    switch field {
    case .filename: fill(&annotation.filename)
    case .folder: fill(&annotation.folder)
    case .width: fill(&annotation.width)
    case .height: fill(&annotation.height)
    case .name: fill(&annotation.objects[last].name)
    case .difficult: fill(&annotation.objects[last].difficult)
    case .edge(let index): fill(&annotation.objects[last].edges[index])
    }
  }
}

extension String {
  /// Without whitespace at both ends, and with a space for each line end and tab within: a name goes
  /// into lists that have one a line.
  fileprivate var singleSpaced: String {
    let scalars = unicodeScalars.map { $0 == "\n" || $0 == "\r" || $0 == "\t" ? " " : $0 }
    return String(String.UnicodeScalarView(scalars)).trimmedBlanks
  }
}
