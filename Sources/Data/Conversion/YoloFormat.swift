import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

extension AnnotationSet {
  /// Reads YOLO labels: a `.data` file, a list of images or a folder of them. Each picture's header
  /// is read for its size.
  ///
  /// - Parameters:
  ///   - part: of what a `.data` file describes.
  ///   - classNames: of a list or folder.
  /// - Throws: `DataError`.
  public init(
    yolo path: String, part: DataSetPart = .train, classNames: [String]? = nil,
    policy: FaultPolicy = .stop
  ) throws(DataError) {
    let data = try DetectionDataSet(
      path: path, part: part, classNames: classNames, policy: policy)
    self.init(classNames: data.classNames, images: [], faults: data.faults)
    let root = try Self.root(path, part)
    var faults = FaultCollection(policy)
    for item in data.items {
      let size: PictureSize
      do throws(ImageError) { size = try PictureSize(contentsOf: item.image, source: .found) } catch
      {
        try faults.add(
          DataFault(.unreadableImage, file: item.image, error.problem, effect: .imageLeftOut))
        continue
      }
      let isBelow = root != "." && item.image.hasPrefix(root + "/")
      images.append(
        Image(
          path: item.image,
          name: isBelow
            ? String(item.image.dropFirst(root.count + 1)) : Paths.relativeName(item.image),
          width: size.width, height: size.height,
          objects: try Self.objects(item, size, classes: data.classNames.count, &faults)))
    }
    self.faults += faults.faults
  }

  /// The folder from which pictures are named.
  private static func root(_ path: String, _ part: DataSetPart) throws(DataError) -> String {
    switch try DataLocation(path) {
    case .data(let file):
      let list = try file.list(part)
      return PathKind(list) == .folder ? list : Paths.folder(of: list)
    case .images(let folder): return folder
    default: return Paths.folder(of: path)
    }
  }

  /// The boxes with the digits of the file, which `LabelledBox` has fewer of.
  private static func objects(
    _ item: DetectionDataSet.Item, _ size: PictureSize, classes: Int,
    _ faults: inout FaultCollection
  ) throws(DataError) -> [Object] {
    guard let path = item.labels else { return [] }
    let text = try TextLines(path, as: .labels, from: .found)
    let file = LabelFile(text, classes: classes)
    var objects: [Object] = []
    for (labelled, line) in zip(file.boxes, file.lines) {
      let fields = LabelFields(text.lines[line - 1])
      guard fields.count == 5,
        let x = PixelSpan(centre: fields.texts[1], size: fields.texts[3], pixels: size.width),
        let y = PixelSpan(centre: fields.texts[2], size: fields.texts[4], pixels: size.height)
      else { continue }
      let object = Object(
        classIndex: labelled.classIndex, left: x.start, top: y.start, width: x.length,
        height: y.length)
      if let wrong = object.fault(in: size) {
        try faults.add(
          DataFault(wrong.kind, file: path, line: line, wrong.text, effect: .boxLeftOut))
      } else {
        objects.append(object)
      }
    }
    return objects
  }

  /// What labels with so many decimals cannot hold: pictures to train on that no label file belongs
  /// to, and boxes that would become nothing. `yoloFiles` leaves them out.
  ///
  /// - Parameters: those of `yoloFiles`.
  public func yoloFaults(pictures: Pictures = .link, decimals: Int = 6) -> DataFaults {
    var faults = DataFaults()
    for image in images {
      if let fault = Self.fault(image, pictures) {
        faults.append(fault)
        continue
      }
      for object in image.objects
      where !object.isCrowd && Self.line(object, image, decimals: decimals) == nil {
        faults.append(
          DataFault(
            .zeroSize, file: image.path,
            "a box of \(object.width.shortText(6)) x \(object.height.shortText(6)) pixels has no"
              + " size with \(decimals) decimals", effect: .boxLeftOut))
      }
    }
    return faults
  }

  /// Why a picture cannot be part of a folder that has pictures.
  private static func fault(_ image: Image, _ pictures: Pictures) -> DataFault? {
    guard pictures != .none else { return nil }
    if LabelPath.candidates(for: Paths.name(of: image.name)).isEmpty {
      return DataFault(
        .missingLabels, file: image.path,
        "no label file belongs to '\(Paths.name(of: image.name))': \(LabelPath.endingRule)",
        effect: .imageLeftOut)
    }
    guard PathKind(image.path) == .file else {
      return DataFault(
        .missingImage, file: image.path,
        "there is no such picture; --images says where they are, --pictures none does without",
        effect: .imageLeftOut)
    }
    // Annotations may come from anybody, and so may links to files that are no pictures.
    guard pictures == .link || ImageFormat(signatureOf: fileStart(image.path, 64) ?? []) != nil
    else {
      return DataFault(
        .unreadableImage, file: image.path, "this is no picture that can be read; it is not copied",
        effect: .imageLeftOut)
    }
    return nil
  }

  /// What becomes of pictures when labels are written.
  public enum Pictures: String, Sendable, CaseIterable {
    /// A symbolic link to each.
    case link
    /// A copy of each.
    case copy
    /// Nothing: only labels and names are written.
    case none
  }

  /// A folder that can be trained on: `labels/*.txt`, `images/*`, `list.txt`, `classes.names` and
  /// `set.data`.
  ///
  /// Crowds, which such labels cannot mark, are left out, and what `yoloFaults` names.
  /// - Parameters:
  ///   - decimals: of each share.
  ///   - leavesOutMissing: whether pictures that are not there are left out; writing fails otherwise.
  /// - Throws: `DataError` where two pictures would have the same name.
  public func yoloFiles(
    in folder: String, pictures: Pictures = .link, decimals: Int = 6,
    leavesOutMissing: Bool = false
  ) throws(DataError) -> [ConvertedFile] {
    let usable = try zip(images, uniqueNames()).filter { image, _ in
      let kind = Self.fault(image, pictures)?.kind
      return kind == nil || (kind == .missingImage && !leavesOutMissing)
    }
    for (image, name) in usable where name.utf8.contains(where: { [0, 10, 13].contains($0) }) {
      throw DataError(.unwritableName(name, format: "a list of images"), file: image.path)
    }
    guard !usable.isEmpty else {
      throw DataError(.noImages(left: images.count), file: folder)
    }
    var files: [ConvertedFile] = []
    for (image, name) in usable {
      let lines = image.objects.filter { !$0.isCrowd }.compactMap {
        Self.line($0, image, decimals: decimals)
      }
      files.append(.init("\(folder)/labels/\(Paths.stem(of: name)).txt", text: lines.joined()))
      if pictures != .none {
        files.append(
          .init(
            path: "\(folder)/images/\(name)",
            content: pictures == .link ? .link(to: image.path) : .copy(of: image.path)))
      }
    }
    let names = "\(folder)/classes.names"
    files.append(.init(names, text: try classNames.namesText(names)))
    guard pictures != .none else { return files }
    files.append(
      .init(
        path: "\(folder)/list.txt",
        content: .bytes(usable.flatMap { "images/\($1)\n".systemBytes })))
    files.append(
      .init(
        "\(folder)/set.data",
        text: "classes = \(classNames.count)\ntrain = list.txt\n"
          + "names = classes.names\nbackup = backup\n"))
    return files
  }

  /// Nil for a box that would be written without a size.
  private static func line(_ object: Object, _ image: Image, decimals: Int) -> String? {
    let (w, h) = (Double(image.width), Double(image.height))
    let numbers = [
      (object.left + object.width / 2) / w, (object.top + object.height / 2) / h, object.width / w,
      object.height / h,
    ]
    let texts = numbers.map { $0.shareText(decimals) }
    guard texts[2...].allSatisfy({ Double($0) ?? 0 > 0 }) else { return nil }
    return "\(object.classIndex) \(texts.joined(separator: " "))\n"
  }

  /// The pictures' names without folders, no two of which differ in their ending alone.
  func uniqueNames() throws(DataError) -> [String] {
    var taken: [String: String] = [:]
    var names: [String] = []
    for image in images {
      let name = Paths.name(of: image.name)
      if let other = taken.updateValue(image.name, forKey: Paths.stem(of: name)) {
        throw DataError(
          .badFormat(
            detail: "\(other) and \(image.name) would share the file \(Paths.stem(of: name))"),
          file: image.path)
      }
      names.append(name)
    }
    return names
  }
}

extension Paths {
  /// A path that does not leave the folder it is seen from: the name alone of one that might.
  static func relativeName(_ path: String) -> String {
    path.hasPrefix("/") || path.split(separator: "/").contains("..") ? name(of: path) : path
  }
}
