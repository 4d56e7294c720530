import PenumbraCfg
import PenumbraImaging
import PenumbraSupport

extension AnnotationSet {
  /// Reads Pascal VOC annotations: an XML file, or a folder of them.
  ///
  /// - Parameters:
  ///   - imagesFolder: where the pictures are; by default beside the annotations, or in the
  ///     `JPEGImages` or `images` beside their folder. Pictures are read only where an annotation
  ///     does not state their size.
  ///   - classNames: the classes in their order; by default those of the only `.names` file in the
  ///     folder, or else all names that occur, sorted.
  /// - Throws: `DataError`.
  /// - Source: the VOC development kit: pixels count from 1, the last one belongs to the box.
  public init(
    voc path: String, imagesFolder: String? = nil, classNames: [String]? = nil,
    policy: FaultPolicy = .stop
  ) throws(DataError) {
    let kind = PathKind(path)
    if kind == .nothing { throw DataError(.unreadable(FileError(path, .notFound)), file: path) }
    let isFolder = kind == .folder
    let folder = isFolder ? path : Paths.folder(of: path)
    let contents = isFolder ? Paths.contents(of: path) : []
    let files = isFolder ? contents.filter { $0.hasSuffix(".xml") } : [Paths.name(of: path)]
    guard !files.isEmpty else { throw DataError(.noImages(left: 0), file: path) }
    var names = classNames
    let beside = contents.filter { $0.hasSuffix(".names") }
    if names == nil, beside.count == 1 {
      names = try [String](namesFile: Paths.join(folder, beside[0]))
    }
    var reader = VocReader(folder: imagesFolder, policy: policy)
    for file in files { try reader.read(Paths.join(folder, file)) }
    let known = names ?? reader.sortedNames
    guard !known.isEmpty else { throw DataError(.noClasses, file: path) }
    let images = try reader.images(classNames: known)
    guard !images.isEmpty else { throw DataError(.noImages(left: files.count), file: path) }
    self.init(classNames: known, images: images, faults: reader.faults.faults)
  }

  /// An XML file an image, and `classes.names` with the order of the classes. Crowds, which they
  /// cannot mark, are left out.
  public func vocFiles(in folder: String) throws(DataError) -> [ConvertedFile] {
    let names = try uniqueNames()
    let files = zip(images, names).map { image, name in
      ConvertedFile("\(folder)/\(Paths.stem(of: name)).xml", text: xml(image, name))
    }
    return files + [
      ConvertedFile("\(folder)/classes.names", text: classNames.map { $0 + "\n" }.joined())
    ]
  }

  private func xml(_ image: Image, _ name: String) -> String {
    let objects = image.objects.filter { !$0.isCrowd }.map { object in
      let edges = [
        ("xmin", object.left + 1), ("ymin", object.top + 1),
        ("xmax", object.left + object.width), ("ymax", object.top + object.height),
      ].map { "      <\($0.0)>\($0.1.shortText(9))</\($0.0)>\n" }
      return """
          <object>
            <name>\(classNames[object.classIndex].xmlEscaped)</name>
            <pose>Unspecified</pose>
            <truncated>0</truncated>
            <difficult>\(object.isDifficult ? 1 : 0)</difficult>
            <bndbox>
        \(edges.joined())    </bndbox>
          </object>

        """
    }
    return """
      <annotation>
        <folder>\(Paths.name(of: Paths.folder(of: image.name)).xmlEscaped)</folder>
        <filename>\(name.xmlEscaped)</filename>
        <size>
          <width>\(image.width)</width>
          <height>\(image.height)</height>
          <depth>3</depth>
        </size>
        <segmented>0</segmented>
      \(objects.joined())</annotation>

      """
  }
}

/// Reads annotations one by one; the classes are numbered when all have been read.
private struct VocReader {
  private struct Draft {
    var image: AnnotationSet.Image
    let file: String
    var names: [(name: String, line: Int)] = []
  }

  let folder: String?
  var faults: FaultCollection
  private var drafts: [Draft] = []

  init(folder: String?, policy: FaultPolicy) {
    self.folder = folder
    faults = FaultCollection(policy)
  }

  var sortedNames: [String] { Set(drafts.lazy.flatMap(\.names).map(\.name)).sorted() }

  mutating func read(_ path: String) throws(DataError) {
    do throws(DataError) {
      let root = try XMLTree.read(path)
      guard root.name == "annotation" else {
        throw DataError(.badFormat(detail: "this is no VOC annotation: <\(root.name)>"), file: path)
      }
      try add(root, path)
    } catch {
      if case .fault = error.reason { throw error }
      try faults.add(
        DataFault(.unreadableLabels, file: path, error.problem, effect: .imageLeftOut))
    }
  }

  private mutating func add(_ root: XMLTree, _ path: String) throws(DataError) {
    let name = root["filename"]?.trimmedText ?? ""
    guard !name.isEmpty else {
      return try faults.add(
        DataFault(
          .unreadableLabels, file: path, line: root.line, "there is no <filename>",
          effect: .imageLeftOut))
    }
    let picture = picture(name, besides: path)
    guard let size = try size(root, picture) else { return }
    let folder = root["folder"]?.trimmedText ?? ""
    let isPlain = folder.isEmpty || folder == "." || folder.contains("/")
    var draft = Draft(
      image: .init(
        path: picture, name: isPlain ? name : folder + "/" + name, width: size.width,
        height: size.height, objects: []), file: path)
    for object in root.children where object.name == "object" { try add(object, to: &draft) }
    drafts.append(draft)
  }

  private mutating func add(_ object: XMLTree, to draft: inout Draft) throws(DataError) {
    func fault(_ kind: DataFault.Kind, _ text: String) -> DataFault {
      DataFault(kind, file: draft.file, line: object.line, text, effect: .boxLeftOut)
    }
    guard let name = object["name"]?.trimmedText, !name.isEmpty else {
      return try faults.add(fault(.unparsableLine, "an object without <name>"))
    }
    let edges = ["xmin", "ymin", "xmax", "ymax"].compactMap { object["bndbox"]?[$0]?.number }
    guard edges.count == 4 else {
      return try faults.add(
        fault(.unparsableLine, "<bndbox> must have numbers xmin, ymin, xmax and ymax"))
    }
    let (left, top) = (edges[0] - 1, edges[1] - 1)
    guard edges[2] > left, edges[3] > top else {
      return try faults.add(
        fault(.zeroSize, "xmax and ymax must not be below xmin and ymin"))
    }
    draft.names.append((name, object.line))
    draft.image.objects.append(
      .init(
        classIndex: 0, left: left, top: top, width: edges[2] - left, height: edges[3] - top,
        isDifficult: object["difficult"]?.trimmedText == "1"))
  }

  private func picture(_ name: String, besides path: String) -> String {
    let home = Paths.folder(of: path)
    let above = home == "." ? ".." : Paths.folder(of: home)
    let folders = folder.map { [$0] } ?? [home, above + "/JPEGImages", above + "/images"]
    let places = folders.map { Paths.join($0, name) }
    return places.first { PathKind($0) == .file } ?? places[0]
  }

  private mutating func size(_ root: XMLTree, _ picture: String) throws(DataError) -> PictureSize? {
    let stated = ["width", "height"].compactMap { root["size"]?[$0]?.number }
      .compactMap { Int(exactly: $0) }.filter { $0 > 0 }
    if stated.count == 2 { return PictureSize(width: stated[0], height: stated[1]) }
    do throws(ImageError) { return try PictureSize(contentsOf: picture, source: .found) } catch {
      try faults.add(
        DataFault(.unreadableImage, file: picture, error.problem, effect: .imageLeftOut))
      return nil
    }
  }

  mutating func images(classNames: [String]) throws(DataError) -> [AnnotationSet.Image] {
    let indices = Dictionary(
      classNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var images: [AnnotationSet.Image] = []
    for draft in drafts {
      var image = draft.image
      image.objects = []
      for (object, name) in zip(draft.image.objects, draft.names) {
        guard let index = indices[name.name] else {
          try faults.add(
            DataFault(
              .unknownClass, file: draft.file, line: name.line, "no class is called '\(name.name)'",
              effect: .boxLeftOut))
          continue
        }
        var object = object
        object.classIndex = index
        image.objects.append(object)
      }
      images.append(image)
    }
    return images
  }
}
