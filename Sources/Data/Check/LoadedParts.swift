import PenumbraEngine
import PenumbraSupport

/// The parts of whatever a path stands for, loaded with all faults skipped.
struct LoadedParts {
  struct Part {
    let name: String
    let source: String
    let pictures: [String]
    /// Nil for classifiers.
    let detection: DetectionDataSet?
    let classification: ClassificationDataSet?

    /// - Parameter unreadable: pictures that cannot be used after all.
    func summary(without unreadable: Set<String>) -> DataSetCheck.Part {
      let names = detection?.classNames ?? classification?.classNames ?? []
      var perClass = [Int](repeating: 0, count: names.count)
      for item in detection?.items ?? [] where !unreadable.contains(item.image) {
        for box in item.boxes { perClass[box.classIndex] += 1 }
      }
      let boxes = perClass.reduce(0, +)
      for item in classification?.items ?? [] where !unreadable.contains(item.image) {
        perClass[item.classIndex] += 1
      }
      return DataSetCheck.Part(
        name: name, source: source, images: pictures.count { !unreadable.contains($0) },
        boxes: boxes, perClass: perClass)
    }
  }

  private(set) var kind = DataSetCheck.Kind.detection
  private(set) var classNames: [String] = []
  private(set) var parts: [Part] = []
  /// Each once, though parts may share what has it.
  private(set) var faults = DataFaults()
  /// Whether the parts are the same list.
  private(set) var isOneList = false

  init(_ path: String, classNames: [String]? = nil) throws(DataError) {
    switch try DataLocation(path) {
    case .list(let list), .images(let list):
      var names = classNames
      if names == nil { names = try NamesFiles.names(for: list) }
      add(
        list, "all",
        try DetectionDataSet(list: list, classNames: names, policy: .skip, allowsNone: true))
    case .classFolders(let train, let valid, _):
      add(
        train, "train",
        try ClassificationDataSet(path: path, part: .train, classNames: classNames))
      guard let valid else { return }
      add(
        valid, "valid",
        try ClassificationDataSet(path: path, part: .valid, classNames: classNames))
    case .data(let file): try add(file)
    }
  }

  private mutating func add(_ file: DataSetFile) throws(DataError) {
    let train = try file.list(.train)
    note(DataFaults(try file.nameFaults()))
    try add(file, train, "train", .train)
    guard let valid = try file.file("valid") else { return }
    isOneList = FileIdentity(train) == FileIdentity(valid)
    if isOneList {
      note([
        DataFault(
          .sameList, file: file.path, line: file.entries["valid"]?.line,
          "'valid' names the same images as 'train', so that validation says nothing about others",
          effect: .kept)
      ])
    }
    try add(file, valid, "valid", .valid)
  }

  private mutating func note(_ more: DataFaults) { faults = faults.union(more) }

  private mutating func add(
    _ file: DataSetFile, _ list: String, _ name: String, _ part: DataSetPart
  ) throws(DataError) {
    if try Self.isClassifier(file, list) {
      add(list, name, try ClassificationDataSet(file, part: part))
    } else {
      add(list, name, try DetectionDataSet(file, part: part, policy: .skip, allowsNone: true))
    }
  }

  /// `labels` and a folder with that of a class in it are a classifier's, everything else is a
  /// detector's.
  private static func isClassifier(_ file: DataSetFile, _ list: String) throws(DataError) -> Bool {
    if file["labels"] != nil { return true }
    guard PathKind(list) == .folder else { return false }
    let names = Set(try file.classNames())
    return Paths.contents(of: list).contains {
      names.contains($0) && PathKind(Paths.join(list, $0)) == .folder
    }
  }

  private mutating func add<Item>(_ source: String, _ name: String, _ data: DataSet<Item>) {
    let part = Part(
      name: name, source: source, pictures: data.items.map(\.image),
      detection: data as? DetectionDataSet, classification: data as? ClassificationDataSet)
    parts.append(part)
    if part.classification != nil { kind = .classification }
    if data.classNames.count > classNames.count { classNames = data.classNames }
    note(data.faults)
    guard let detection = part.detection, let first = detection.items.first,
      detection.boxCount == 0
    else { return }
    note([
      DataFault(
        .noBoxes, file: source,
        "none of \(detection.items.count) images has a box; the first labels were looked for in"
          + " \((first.labels ?? first.image).shownPath)", effect: .kept)
    ])
  }
}
