public import PenumbraSupport

/// Why a weights file cannot be used: what, where in the file, expected and found.
public struct WeightsError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notFound
    case isFolder
    case unreadable(String)
    /// The file was truncated or written to while it was in use.
    case changed
    /// A file of another kind, such as a web page.
    case otherKind(KindMismatch)
    case noHeader(bytes: Int)
    case implausibleVersion(major: Int32, minor: Int32, revision: Int32)
    /// The file ends inside `tensor` of layer `layer`, or before it.
    case tooShort(
      layer: Int, section: String, tensor: String, offset: Int, expected: Int, found: Int,
      fits: Suggestion?)
    case tooLong(expected: Int, found: Int, fits: Suggestion?)
    /// Numbers of a layer are not finite, or variances are below 0.
    case brokenNumbers(layer: Int, section: String, tensor: String)
    case tooLarge(bytes: Int)
    case noMemory(bytes: Int)
  }

  /// What a file of another size would fit.
  public enum Suggestion: Hashable, Sendable {
    /// The same network for another number of classes; the filters before each kind of head.
    case classes(Int, filters: [Int])
    /// The same network with another width of its last layer with weights.
    case lastLayer(Int, section: String, key: String, count: Int)
    /// The first layers of the network.
    case backbone(layers: Int)
    /// The same network after a header of so many bytes, which is not that of its version.
    case header(bytes: Int, version: WeightsHeader)
  }

  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    self.file = file
    self.reason = reason
  }
}

extension WeightsError: CustomStringConvertible {
  public var description: String {
    "\(file.shownPath): error: \(problem)" + (remedy.map { "\nhelp: \($0)" } ?? "")
  }

  /// What is wrong, without the file's name.
  public var problem: String {
    switch reason {
    case .notFound: "there is no such file"
    case .isFolder: "this is a folder, not a weights file"
    case .unreadable(let why): "the file cannot be read: \(why)"
    case .changed: "the file was truncated or written to while it was in use"
    case .otherKind(let mismatch): mismatch.problem
    case .noHeader(let bytes):
      "\(bytes) bytes are too few for the header of a weights file (16 or 20)"
    case .implausibleVersion(let major, let minor, let revision):
      "the header says version \(major).\(minor).\(revision), which no program writes"
    case .tooShort(let layer, let section, let tensor, let offset, let expected, let found, _):
      offset == found
        ? "the file ends at byte \(found), before the \(tensor) of layer \(layer) [\(section)];"
          + " the cfg needs \(expected) bytes"
        : "the file ends at byte \(found), in the \(tensor) of layer \(layer) [\(section)] that start"
          + " at byte \(offset); the cfg needs \(expected) bytes"
    case .tooLong(let expected, let found, _):
      "\(found - expected) bytes are left over: the cfg needs \(expected) bytes, the file has \(found)"
    case .brokenNumbers(let layer, let section, let tensor):
      "the \(tensor) of layer \(layer) [\(section)] are not finite numbers, or are variances below 0"
    case .tooLarge(let bytes): "the cfg needs \(bytes) bytes of weights, more than can be held"
    case .noMemory(let bytes): "there is no memory for \(bytes) bytes of weights"
    }
  }

  /// What to do about it.
  public var remedy: String? {
    switch reason {
    case .notFound: "check the path; weights/README.md says where published weights are to be had"
    case .isFolder: "name the .weights file in it"
    case .otherKind(let mismatch): mismatch.remedy
    case .noHeader, .implausibleVersion:
      "this is not a Darknet weights file, or its download was cut off or is a web page"
    case .tooShort(_, _, _, _, _, _, let fits?), .tooLong(_, _, let fits?): "\(fits)"
    case .tooShort:
      "use the cfg the file was trained with; if it is the right one, the download was cut off"
    case .tooLong: "use the cfg the file was trained with"
    case .brokenNumbers:
      "'penumbra weights CFG WEIGHTS' lists what is broken; use weights of an earlier iteration"
    case .unreadable: nil
    case .changed: "run the command again; replace such a file by renaming another one to its name"
    case .tooLarge, .noMemory: "check 'filters', 'output' and the input size for a slip"
    }
  }
}

extension WeightsError.Suggestion: CustomStringConvertible {
  public var description: String {
    switch self {
    case .classes(let classes, let filters):
      "the file fits with classes=\(classes) (filters=\(filters.map(String.init).joined(separator: ", "))"
        + " before each head)"
    case .lastLayer(let layer, let section, let key, let count):
      "the file fits with \(key)=\(count) in layer \(layer) [\(section)]"
    case .header(let bytes, let version):
      "the numbers fit after a header of \(bytes) bytes, but version \(version.major).\(version.minor) has"
        + " one of \(version.byteCount): the program that wrote the file mixed both. Write the version"
        + " that has \(bytes) bytes: printf '\\\(bytes == 20 ? 2 : 1)' | dd of=FILE bs=1 seek=4"
        + " conv=notrunc"
    case .backbone(let layers):
      "the file holds layers 0 to \(layers - 1) (.conv.\(layers)): 'penumbra train CFG DATA --from FILE'"
        + " starts from it, and commands that have --partial take it"
    }
  }
}
