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
    /// A key is not there, but one that looks like it.
    case misspelledKey(String, found: String, line: Int)
    /// A key is followed by a colon in the place of an equals sign.
    case colon(key: String, line: Int, value: String)
    /// A key's value is no number in its range.
    case badNumber(key: String, line: Int, value: String)
    /// A file that a `.data` file names is nowhere.
    ///
    /// `near` is a path to write instead, where there is a file of that name.
    case namedFileMissing(key: String, line: Int, tried: [String], near: String?)
    /// No image can be used.
    case noImages(UnusableImages)
    /// No image has a box, so that there is nothing to train on; where the labels of the first were
    /// looked for.
    case noBoxes(images: Int, labels: String?)
    /// There are no validation images, but some are needed.
    case noValidation(isFolder: Bool)
    /// A `.data` file where a file of class names was expected; the file that it names.
    case dataFileAsNames(names: String?)
    case noClasses
    /// Neither a `.data` file nor a list nor a folder of pictures or classes.
    case notADataSet(found: String)
    /// A link in a folder that leads out of it.
    case leadsOutside
    case badFormat(detail: String)
    /// A name that readers of a format would not give back as it is.
    case unwritableName(String, format: String)
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

extension DataError.Reason {
  /// None of so many images can be used, for faults that were told before.
  static func noImages(left: Int) -> Self {
    .noImages(UnusableImages("", listed: left, faults: DataFaults()))
  }
}

extension DataError: CustomStringConvertible {
  public var description: String {
    switch reason {
    case .unreadable(let error): error.description
    case .fault(let fault): "\(fault)\nhelp: fix the file, or skip faults"
    default: "\(place): error: \(problem)\nhelp: \(remedy)"
    }
  }

  private var place: String {
    switch reason {
    case .badNumber(_, let line, _), .namedFileMissing(_, let line, _, _),
      .misspelledKey(_, _, let line), .colon(_, let line, _):
      "\(file.shownPath):\(line)"
    default: file.shownPath
    }
  }

  /// What is wrong, in one line without the file.
  public var problem: String {
    switch reason {
    case .unreadable(let error): error.problem
    case .fault(let fault): fault.text
    case .missingKey(let key): "there is no '\(key)'"
    case .misspelledKey(let key, let found, _): "there is no '\(key)', but '\(found.foreignToken)'"
    case .colon(let key, _, _): "'\(key)' is followed by a colon, '=' was expected"
    case .badNumber(let key, _, let value):
      "'\(key)' is '\(value.foreignToken)', expected a positive number"
    case .namedFileMissing(let key, _, let tried, _):
      "'\(key)' names a file that is not there; tried"
        + " \(tried.map(\.shownPath).joined(separator: ", "))"
    case .noImages(let unusable): unusable.problem
    case .noBoxes(let images, let labels):
      "none of \(images) images has a box, so there is nothing to train on"
        + (labels.map { "; the first labels were looked for in \($0.shownPath)" } ?? "")
    case .noValidation(let isFolder):
      "there are no validation images: there is no "
        + (isFolder ? "folder 'val', 'valid' or 'test'" : "'valid'")
    case .dataFileAsNames: "this looks like a .data file, a list of class names was expected"
    case .noClasses: "no class is named here"
    case .notADataSet(let found): "\(found) is no data set"
    case .leadsOutside: "this link leads out of its folder; it is not followed"
    case .badFormat(let detail): detail
    case .unwritableName(let name, let format):
      "the name '\(name.foreignToken)' has characters that \(format) cannot hold"
    case .wouldOverwrite: "the file exists"
    case .cannotWrite(let error): error.problem
    case .notFinite: "the file cannot be written: a number is not finite"
    case .missingLibrary(let problem): problem
    case .unusableAnchors(let detail): detail
    }
  }

  private var remedy: String {
    switch reason {
    case .unreadable, .fault: "fix the file"
    case .missingKey(let key): "add a line '\(key) = FILE'"
    case .misspelledKey(let key, _, _): "write '\(key) = FILE'"
    case .colon(let key, _, let value): "write '\(key) = \(value.quotable)'"
    case .badNumber(let key, _, _): "for example '\(key) = 3'"
    case .namedFileMissing(let key, _, _, let near?): "write '\(key) = \(near.shownPath)'"
    case .namedFileMissing: NamedPath.rule
    case .noImages(let unusable): unusable.remedy
    case .noBoxes:
      "put a label file with a line 'class x y width height' for each object there; 'penumbra data"
        + " check' lists what is wrong with labels"
    case .noValidation(let isFolder):
      (isFolder ? "add one" : "add a line 'valid = FILE'") + ", or give --part train"
    case .dataFileAsNames(let names?): "give the file that it names: \(names.shownPath)"
    case .dataFileAsNames: "give the file that its 'names' should name"
    case .noClasses: "write the name of a class a line"
    case .notADataSet:
      "give a .data file, a list of images, or a folder with images or with folders of classes"
    case .leadsOutside:
      "put what it leads to in its place, or name that in a .data file or on the command line"
    case .badFormat: "check that the file is what it should be, and whole"
    case .unwritableName:
      "rename it: control characters, backslashes and spaces at the ends are lost"
    case .wouldOverwrite: "name another output, or give --force"
    case .cannotWrite(let error): error.remedy
    case .notFinite: "correct the boxes, or leave them out with --skip-faults"
    case .missingLibrary: "install expat (on Debian: apt-get install libexpat1)"
    case .unusableAnchors: "fix the cfg, see penumbra lint"
    }
  }
}
