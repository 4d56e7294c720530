import PenumbraSupport

/// Images, each of one class.
public typealias ClassificationDataSet = DataSet<ClassificationItem>

/// An image of one class.
public struct ClassificationItem: DataSetItem {
  public let image: String
  public let classIndex: Int

  public init(image: String, classIndex: Int) {
    self.image = image
    self.classIndex = classIndex
  }
}

extension ClassificationDataSet {
  /// A folder with a folder of pictures for each class.
  ///
  /// - Parameter classNames: the classes in their order; nil takes the folders in alphabetical
  ///   order.
  /// - Throws: `DataError`: no class, one named twice, no image, or a fault where the policy is to
  ///   stop.
  public init(
    folder path: String, classNames: [String]? = nil, policy: FaultPolicy = .skip
  ) throws(DataError) {
    let (found, outside) = Paths.folders(in: path)
    let names = classNames ?? found
    guard !names.isEmpty else { throw DataError(.noClasses, file: path) }
    try Self.checkUnique(names, path)
    var faults = FaultCollection(policy)
    if let problem = outside.problem {
      try faults.add(DataFault(.linkOutside, file: path, problem, effect: .imageLeftOut))
    }
    for folder in found where !names.contains(folder) {
      try faults.add(
        DataFault(
          .unknownClass, file: Paths.join(path, folder),
          "no class is called '\(folder.quotable)'; the folder is not read", effect: .imageLeftOut))
    }
    let boundary = FolderBoundary(path)
    var items: [Item] = []
    for (index, name) in names.enumerated() {
      guard Self.isFolderName(name) else {
        try faults.add(
          DataFault(
            .emptyClass, file: path,
            "no folder can be called '\(name.foreignToken)', as class \(index) is",
            effect: .kept))
        continue
      }
      let folder = Paths.join(path, name)
      if PathKind(folder) == .folder, !boundary.contains(folder) { continue }
      let pictures = Paths.pictures(below: folder)
      for fault in pictures.faults(folder) { try faults.add(fault) }
      if pictures.names.isEmpty {
        try faults.add(
          DataFault(
            .emptyClass, file: folder, "no picture of class '\(name.foreignToken)'", effect: .kept))
      }
      items += pictures.names.map { Item(image: Paths.join(folder, $0), classIndex: index) }
    }
    guard !items.isEmpty else {
      throw DataError(.noImages(UnusableImages(path, listed: 0, faults: faults.faults)), file: path)
    }
    self.init(items: items, classNames: names, faults: faults.faults)
  }

  /// Whether a folder below another one can have the name: an empty line of a `.names` file would
  /// make a class of all pictures.
  private static func isFolderName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix("/")
      && !name.split(separator: "/").contains { $0 == "." || $0 == ".." }
  }

  private static func checkUnique(_ names: [String], _ path: String) throws(DataError) {
    var seen: Set<String> = []
    for name in names where !name.isEmpty && !seen.insert(name).inserted {
      throw DataError(
        .badFormat(detail: "two classes are called '\(name.foreignToken)'"), file: path)
    }
  }

  /// A list of images whose paths contain the name of their class, as Darknet has them; a folder of
  /// the class's very name decides where several names occur.
  ///
  /// - Source: Darknet `data.c` (`fill_truth`).
  public init(
    list path: String, classNames: [String], policy: FaultPolicy = .skip
  ) throws(DataError) {
    let list = try ImageList(path, policy: policy)
    var faults = FaultCollection(policy)
    try faults.add(list.faults)
    var items: [Item] = []
    for entry in list.entries {
      let matches = Self.classes(of: entry.path, classNames)
      if matches.count == 1 {
        items.append(Item(image: entry.path, classIndex: matches[0]))
        continue
      }
      let which = matches.prefix(3).map { classNames[$0] }.joined(separator: ", ")
      let found = matches.isEmpty ? "no class" : "\(matches.count) classes: \(which)"
      try faults.add(
        DataFault(
          .classCount, file: path, line: entry.line,
          "'\(entry.path.shownPath)' names \(found)",
          effect: .imageLeftOut))
    }
    guard !items.isEmpty else {
      throw DataError(
        .noImages(UnusableImages(path, listed: list.listed, faults: faults.faults)), file: path)
    }
    self.init(items: items, classNames: classNames, faults: faults.faults)
  }

  /// A part of what a `.data` file describes: its lists may be folders of classes.
  public init(
    _ data: DataSetFile, part: DataSetPart, policy: FaultPolicy = .skip
  ) throws(DataError) {
    let (list, names) = (try data.list(part), try data.classNames())
    let set =
      PathKind(list) == .folder
      ? try Self(folder: list, classNames: names, policy: policy)
      : try Self(list: list, classNames: names, policy: policy)
    self.init(
      items: set.items, classNames: set.classNames, faults: DataFaults(data.keyFaults) + set.faults)
  }

  private static func classes(of path: String, _ names: [String]) -> [Int] {
    let matches = names.indices.filter { !names[$0].isEmpty && path.contains(names[$0]) }
    guard matches.count > 1 else { return matches }
    let folder = Paths.name(of: Paths.folder(of: path))
    let exact = matches.filter { names[$0] == folder }
    return exact.count == 1 ? exact : matches
  }
}
