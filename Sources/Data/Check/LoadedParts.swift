import PenumbraEngine

/// The parts of whatever a path stands for, loaded with all faults skipped.
struct LoadedParts {
  struct Part {
    let summary: DataSetCheck.Part
    let pictures: [String]
    /// By picture; empty for classifiers.
    let detection: DetectionDataSet?
    let classification: ClassificationDataSet?
  }

  private(set) var kind = DataSetCheck.Kind.detection
  private(set) var classNames: [String] = []
  private(set) var parts: [Part] = []
  private(set) var faults: [DataFault] = []

  init(_ path: String, classNames: [String]? = nil) throws(DataError) {
    switch try DataLocation(path) {
    case .list(let list), .images(let list):
      try add(list, "all") { () throws(DataError) in
        try DetectionDataSet(
          list: list, classNames: classNames, policy: .skip, allowsNone: true)
      }
    case .classFolders(let train, let valid, _):
      try add(train, "train") { () throws(DataError) in
        try ClassificationDataSet(path: path, part: .train, classNames: classNames)
      }
      guard let valid else { return }
      try add(valid, "valid") { () throws(DataError) in
        try ClassificationDataSet(path: path, part: .valid, classNames: classNames)
      }
    case .data(let file): try add(file)
    }
  }

  private mutating func add(_ file: DataSetFile) throws(DataError) {
    let train = try file.list(.train)
    try add(file, train, "train", .train)
    if try file.file("valid") != nil {
      try add(file, file.list(.valid), "valid", .valid)
    }
  }

  /// Folders of classes and `labels` are a classifier's, everything else is a detector's.
  private mutating func add(
    _ file: DataSetFile, _ list: String, _ name: String, _ part: DataSetPart
  ) throws(DataError) {
    let isClassifier = PathKind(list) == .folder || file["labels"] != nil
    if isClassifier {
      try add(list, name) { () throws(DataError) in try ClassificationDataSet(file, part: part) }
    } else {
      try add(list, name) { () throws(DataError) in
        try DetectionDataSet(file, part: part, policy: .skip, allowsNone: true)
      }
    }
  }

  private mutating func add(
    _ source: String, _ name: String, _ load: () throws(DataError) -> DetectionDataSet
  ) throws(DataError) {
    let data = try load()
    var perClass = [Int](repeating: 0, count: data.classNames.count)
    for box in data.items.lazy.flatMap(\.boxes) { perClass[box.classIndex] += 1 }
    let summary = DataSetCheck.Part(
      name: name, source: source, images: data.items.count, boxes: perClass.reduce(0, +),
      perClass: perClass)
    parts.append(
      Part(
        summary: summary, pictures: data.items.map(\.image), detection: data, classification: nil))
    if data.classNames.count > classNames.count { classNames = data.classNames }
    faults += data.faults
  }

  private mutating func add(
    _ source: String, _ name: String, _ load: () throws(DataError) -> ClassificationDataSet
  ) throws(DataError) {
    let data = try load()
    kind = .classification
    var perClass = [Int](repeating: 0, count: data.classNames.count)
    for item in data.items { perClass[item.classIndex] += 1 }
    let summary = DataSetCheck.Part(
      name: name, source: source, images: data.items.count, boxes: 0, perClass: perClass)
    parts.append(
      Part(
        summary: summary, pictures: data.items.map(\.image), detection: nil, classification: data))
    classNames = data.classNames
    faults += data.faults
  }
}
