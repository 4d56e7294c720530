/// Why something cannot be evaluated: what is wrong, where, and what to do.
public struct EvaluationError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case noClasses
    case classOutOfRange(found: Int, classes: Int, what: String)
    case notFinite(what: String)
    case negativeSize(what: String)
    case repeatedImage(id: Int)
    case outOfRange(option: String, value: String, allowed: String)
    case unreadable(problem: String)
    case unknownImage(id: Int, what: String)
    case unknownCategory(id: Int, what: String)
    case repeatedCategory(id: Int)
    case noImages
  }

  public let reason: Reason
  /// The file or image it is in; empty where there is none.
  public let place: String

  public init(_ reason: Reason, in place: String = "") {
    self.reason = reason
    self.place = place
  }
}

extension EvaluationError: CustomStringConvertible {
  public var description: String {
    (place.isEmpty ? "" : place + ": ") + "error: \(problem)\nhelp: \(remedy)"
  }

  var problem: String {
    switch reason {
    case .noClasses: "there are no classes to evaluate"
    case .classOutOfRange(let found, let classes, let what):
      "\(what) has class \(found), but classes are 0 to \(classes - 1)"
    case .notFinite(let what): "\(what) has a number that is not finite"
    case .negativeSize(let what): "\(what) has a negative width or height"
    case .repeatedImage(let id): "image \(id) is there twice"
    case .outOfRange(let option, let value, let allowed):
      "\(option) is \(value), expected \(allowed)"
    case .unreadable(let problem): problem
    case .unknownImage(let id, let what): "\(what) belongs to image \(id), which is not listed"
    case .unknownCategory(let id, let what):
      "\(what) belongs to category \(id), which is not listed"
    case .repeatedCategory(let id): "category \(id) is listed twice"
    case .noImages: "there are no images to evaluate"
    }
  }

  var remedy: String {
    switch reason {
    case .noClasses: "list the classes the detector knows"
    case .classOutOfRange: "check that labels, class names and network belong together"
    case .notFinite: "look for where it was computed; 'penumbra weights' finds NaN in weights"
    case .negativeSize: "a box is [left, top, width, height]; corners must be turned into sizes"
    case .repeatedImage: "give every image a number of its own"
    case .outOfRange(_, _, let allowed): "give a value of \(allowed)"
    case .unreadable: "COCO's formats are described at https://cocodataset.org/#format-data"
    case .unknownImage: "check that results and truth are of the same data set"
    case .unknownCategory: "list it under 'categories', or remove what belongs to it"
    case .repeatedCategory: "give every category a number of its own"
    case .noImages: "name a data set with at least one image"
    }
  }
}
