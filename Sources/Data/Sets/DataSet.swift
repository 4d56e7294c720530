public import PenumbraImaging

/// A picture of a data set, with what is known of it.
public protocol DataSetItem: Hashable, Sendable {
  var image: String { get }
}

/// Pictures with what a network should say of them.
public struct DataSet<Element: DataSetItem>: Sendable {
  public typealias Item = Element

  /// What can be used, in the order of the list or folder.
  public let items: [Element]
  public let classNames: [String]
  /// What was found wrong, in that order; pictures are not decoded for it.
  public let faults: DataFaults
  /// How large its pictures may be.
  public var limits = DecodingLimits()

  public init(items: [Element], classNames: [String], faults: DataFaults = []) {
    self.items = items
    self.classNames = classNames
    self.faults = faults
  }
}
