public import PenumbraEngine
import PenumbraSupport

/// Images with the boxes that a detector should find in them.
public typealias DetectionDataSet = DataSet<DetectionItem>

/// An image and its boxes.
public struct DetectionItem: DataSetItem {
  public let image: String
  /// The label file; nil for an item that was made in memory.
  public let labels: String?
  /// As written: trimmed to the image only when they are used.
  public let boxes: [LabelledBox]
  /// Objects that nobody is blamed for missing, of a `.data` file with a `difficult` list. Only
  /// evaluation wants them.
  public internal(set) var difficult: [LabelledBox] = []

  public init(image: String, labels: String? = nil, boxes: [LabelledBox]) {
    self.image = image
    self.labels = labels
    self.boxes = boxes
  }
}

extension DetectionDataSet {
  /// How many boxes there are.
  public var boxCount: Int { items.reduce(0) { $0 + $1.boxes.count } }

  /// - Throws: `DataError` where no image has a box, which says where labels were looked for.
  public func requireBoxes(_ path: String) throws(DataError) {
    guard !items.contains(where: { !$0.boxes.isEmpty }) else { return }
    throw DataError(.noBoxes(images: items.count, labels: items.first?.labels), file: path)
  }

  /// A list of images, or a folder of them, with the label files that belong to them.
  ///
  /// An image without a label file is left out: as one without objects it would teach the network
  /// to overlook them. An empty label file says that there are none.
  ///
  /// - Parameter classNames: of the classes that labels may name; nil admits any and names them by
  ///   number.
  /// - Throws: `DataError`: unreadable, nothing usable in it, or a fault where the policy is to
  ///   stop.
  public init(
    list path: String, classNames: [String]? = nil, policy: FaultPolicy = .skip
  ) throws(DataError) {
    try self.init(list: path, classNames: classNames, policy: policy, allowsNone: false)
  }

  /// - Parameters:
  ///   - difficult: a parallel list, of difficult objects; it needs names of classes.
  ///   - allowsNone: whether a data set in which nothing is usable is one.
  init(
    list path: String, classNames: [String]?, difficult: String? = nil, policy: FaultPolicy,
    allowsNone: Bool
  ) throws(DataError) {
    let list = try ImageList(path, policy: policy)
    var faults = FaultCollection(policy)
    try faults.add(list.faults)
    let beside = try difficult.map { difficult throws(DataError) in
      try DifficultList(difficult, parallelTo: list, classes: classNames?.count ?? 0)
    }
    var items: [Item] = []
    for entry in list.entries {
      guard var item = try Self.item(entry, of: path, classes: classNames?.count, &faults) else {
        continue
      }
      if let beside, let line = entry.line {
        item.difficult = try beside.boxes(line: line, &faults)
      }
      items.append(item)
    }
    guard allowsNone || !items.isEmpty else {
      throw DataError(
        .noImages(UnusableImages(path, listed: list.listed, faults: faults.faults)), file: path)
    }
    let most = items.lazy.flatMap { $0.boxes.lazy.map(\.classIndex) }.max() ?? 0
    self.init(
      items: items, classNames: classNames ?? (0...most).map(String.init), faults: faults.faults)
  }

  /// A part of what a `.data` file describes.
  public init(
    _ data: DataSetFile, part: DataSetPart, policy: FaultPolicy = .skip
  ) throws(DataError) {
    try self.init(data, part: part, policy: policy, allowsNone: false)
  }

  init(
    _ data: DataSetFile, part: DataSetPart, policy: FaultPolicy, allowsNone: Bool
  ) throws(DataError) {
    // It goes line by line with `valid`.
    let difficult = part == .valid ? try data.file("difficult") : nil
    let set = try Self(
      list: data.list(part), classNames: data.classNames(), difficult: difficult, policy: policy,
      allowsNone: allowsNone)
    self.init(
      items: set.items, classNames: set.classNames, faults: DataFaults(data.keyFaults) + set.faults)
  }

  private static func item(
    _ entry: ImageList.Entry, of list: String, classes: Int?, _ faults: inout FaultCollection
  ) throws(DataError) -> Item? {
    guard let labels = LabelPath.existing(for: entry.path) else {
      try faults.add(
        DataFault(
          .missingLabels, file: entry.line == nil ? entry.path : list, line: entry.line,
          "no label file belongs to '\(entry.path.shownPath)': \(LabelPath.endingRule)",
          effect: .imageLeftOut))
      return nil
    }
    guard labels.exists else {
      let others = LabelPath.candidates(for: entry.path).dropFirst()
      try faults.add(
        DataFault(
          .missingLabels, file: labels.path,
          "there is no label file for \(entry.path.shownPath)"
            + (others.isEmpty ? "" : ", nor \(others.joined(separator: ", "))"),
          effect: .imageLeftOut))
      return nil
    }
    do throws(DataError) {
      let file = try LabelFile(labels.path, classes: classes)
      for fault in file.faults { try faults.add(fault) }
      if file.faults.contains(where: { $0.effect == .imageLeftOut }) { return nil }
      return Item(image: entry.path, labels: labels.path, boxes: file.boxes)
    } catch {
      guard case .unreadable(let reason) = error.reason else { throw error }
      try faults.add(
        DataFault(
          .unreadableLabels, file: labels.path, "\(reason.problem)", effect: .imageLeftOut))
      return nil
    }
  }
}
