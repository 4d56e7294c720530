public import PenumbraSupport

/// Why a data set cannot be used at all.
public struct DataError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    /// A list, names or data file cannot be read.
    case unreadable(FileError)
    /// The first fault, where the policy is to stop at it.
    case fault(DataFault)
    /// A key of a `.data` file is not there.
    case missingKey(String)
    /// A key's value is no number in its range.
    case badNumber(key: String, line: Int, value: String)
    /// A file that a `.data` file names is nowhere.
    case namedFileMissing(key: String, line: Int, tried: [String])
    /// Nothing was found to learn from.
    case noImages(left: Int)
    case noClasses
    /// Neither a `.data` file nor a list nor a folder of pictures or classes.
    case notADataSet(found: String)
    /// A cfg's value that no augmentation can follow.
    case badAugmentation(key: String, line: Int?, value: String, expected: String)
    case badFormat(detail: String)
    case wouldOverwrite
    case cannotWrite(WriteError)
    /// A number that the format has no way to write.
    case notFinite
    /// A library that is loaded when it is needed.
    case missingLibrary(String)
    case unusableAnchors(String)
  }

  public let reason: Reason
  public let file: String

  public init(_ reason: Reason, file: String) {
    self.reason = reason
    self.file = file
  }

  /// Whether what is missing is a file that the caller named.
  public var isNotFound: Bool {
    if case .unreadable(let error) = reason { error.reason == .notFound } else { false }
  }
}

extension DataError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .unreadable(let error): error.description
    case .fault(let fault): "\(fault)\nhelp: mend the file, or have faults skipped"
    default: "\(place): error: \(problem)\nhelp: \(remedy)"
    }
  }

  private var place: String {
    switch reason {
    case .badNumber(_, let line, _), .namedFileMissing(_, let line, _): "\(file.shownPath):\(line)"
    case .badAugmentation(_, let line?, _, _): "\(file.shownPath):\(line)"
    default: file
    }
  }

  /// What is wrong, in one line without the file.
  var problem: String {
    switch reason {
    case .unreadable(let error): error.problem
    case .fault(let fault): fault.text
    case .missingKey(let key): "there is no '\(key)'"
    case .badNumber(let key, _, let value):
      "'\(key)' is '\(value.foreignToken)', expected a positive number"
    case .namedFileMissing(let key, _, let tried):
      "'\(key)' names a file that is not there; tried \(tried.map(\.printable).joined(separator: ", "))"
    case .noImages(0): "no image is listed here"
    case .noImages(let left): "all \(left) images were left out for faults"
    case .noClasses: "no class is named here"
    case .notADataSet(let found): "\(found) is no data set"
    case .badAugmentation(let key, _, let value, let expected):
      "'\(key)' is '\(value.quotable)', expected \(expected)"
    case .badFormat(let detail): detail
    case .wouldOverwrite: "the file exists"
    case .cannotWrite(let error): error.problem
    case .notFinite: "the file cannot be written: a number is not finite"
    case .missingLibrary(let problem): problem
    case .unusableAnchors(let detail): detail
    }
  }

  private var remedy: String {
    switch reason {
    case .unreadable, .fault: "mend the file"
    case .missingKey(let key): "add a line '\(key) = FILE'"
    case .badNumber(let key, _, _): "for example '\(key) = 3'"
    case .namedFileMissing:
      "paths start at the current folder, else at the folder of the file or the one above"
    case .noImages(0): "list an image a line"
    case .noImages: "see the faults: penumbra data check"
    case .noClasses: "write the name of a class a line"
    case .notADataSet:
      "give a .data file, a list of images, or a folder with images or with folders of classes"
    case .badAugmentation: "see docs/sections.md for the keys"
    case .badFormat: "check that the file is what it should be, and whole"
    case .wouldOverwrite: "name another output, or give --force"
    case .cannotWrite(let error): error.remedy
    case .notFinite: "correct the boxes, or leave them out with --skip-faults"
    case .missingLibrary: "install expat (on Debian: apt-get install libexpat1)"
    case .unusableAnchors: "mend the cfg, see penumbra lint"
    }
  }
}
