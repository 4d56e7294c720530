import PenumbraSupport

/// One thing that is wrong with a data set: what, in which file and line, and what became of it.
public struct DataFault: Hashable, Sendable, Codable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case missingImage = "missing-image"
    case unreadableImage = "unreadable-image"
    case duplicateImage = "duplicate-image"
    case missingLabels = "missing-labels"
    case unreadableLabels = "unreadable-labels"
    case unparsableLine = "unparsable-line"
    case classOutOfRange = "class-out-of-range"
    case notFinite = "not-finite"
    case zeroSize = "zero-size"
    case boxOutside = "box-outside"
    case centreOutside = "centre-outside"
    case boxPartlyOutside = "box-partly-outside"
    case duplicateBox = "duplicate-box"
    case emptyList = "empty-list"
    case unknownClass = "unknown-class"
    case emptyClass = "empty-class"
    case classCount = "class-count"
    case duplicateClass = "duplicate-class"
    case noBoxes = "no-boxes"
    case sameList = "same-list"
    case misspelledKey = "misspelled-key"
    case linkOutside = "link-outside"
  }

  /// What a loaded data set does about it.
  public enum Effect: String, Hashable, Sendable, Codable {
    case imageLeftOut = "image-left-out"
    case boxLeftOut = "box-left-out"
    /// Nothing is left out; somebody should look at it all the same.
    case kept
  }

  public let kind: Kind
  /// The file to fix, as the data set names it.
  public let file: String
  /// From 1; nil where the whole file is meant.
  public let line: Int?
  /// What was found and what was expected, in one line.
  public let text: String
  public let effect: Effect

  public init(_ kind: Kind, file: String, line: Int? = nil, _ text: String, effect: Effect) {
    self.kind = kind
    self.file = file
    self.line = line
    self.text = text
    self.effect = effect
  }
}

extension DataFault: CustomStringConvertible {
  /// `file:line: error: text [kind]`, a form that editors link; a warning where nothing is left
  /// out.
  public var description: String {
    let place = line.map { "\(file.shownPath):\($0)" } ?? file.shownPath
    return "\(place): \(effect == .kept ? "warning" : "error"): \(text) [\(kind.rawValue)]"
  }
}

/// What to do about faults while a data set is loaded or read.
public enum FaultPolicy: String, Hashable, Sendable, Codable, CaseIterable {
  /// Leave out what is faulty and keep a record of it.
  case skip
  /// Throw the first fault that would leave something out.
  case stop
}
