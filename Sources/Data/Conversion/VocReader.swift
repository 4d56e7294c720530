import PenumbraImaging
import PenumbraSupport

extension AnnotationSet {
  /// Reads Pascal VOC annotations: an XML file, a folder of them, or a folder in which there are
  /// such folders, such as `VOCdevkit` or `VOC2007` with its `Annotations`.
  ///
  /// - Parameters:
  ///   - imagesFolder: where the pictures are; by default next to the annotations, or in the
  ///     `JPEGImages` or `images` next to their folder. Pictures are read only where an annotation
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
    let search = kind == .folder ? VocFolders(below: path) : nil
    let folders = search?.paths ?? []
    let files = kind == .folder ? folders.flatMap(VocFolders.files) : [path]
    guard !files.isEmpty else {
      throw DataError(
        .badFormat(detail: "there are no VOC annotations (.xml) in this folder or below it"),
        file: path)
    }
    var names = classNames
    let listed = (folders.contains(path) ? folders : [path] + folders).flatMap { folder in
      Paths.contents(of: folder).filter { $0.hasSuffix(".names") }.map { Paths.join(folder, $0) }
    }
    if names == nil, kind == .folder, listed.count == 1 {
      names = try [String](namesFile: listed[0], foundIn: path)
    }
    var reader = VocReader(folder: imagesFolder, policy: policy)
    if let problem = search?.outside.problem {
      try reader.faults.add(DataFault(.linkOutside, file: path, problem, effect: .kept))
    }
    for file in files { try reader.read(file) }
    let known = names ?? reader.sortedNames
    guard !known.isEmpty else { throw DataError(.noClasses, file: path) }
    let images = try reader.images(classNames: known)
    guard !images.isEmpty else { throw DataError(.noImages(left: files.count), file: path) }
    self.init(classNames: known, images: images, faults: reader.faults.faults)
  }

  /// The folders with annotations that a folder means: itself, or those at most three levels below.
  public static func vocFolders(_ folder: String) -> [String] { VocFolders(below: folder).paths }
}

/// Reads annotations one by one; the classes are numbered when all have been read.
private struct VocReader {
  private struct Draft {
    var image: AnnotationSet.Image
    let file: String
    var names: [(name: String, line: Int)] = []

    /// What to say of a second annotation of the picture, which loses nothing where it says the same.
    func repetition(by other: Draft) -> DataFault {
      let isSame =
        image.objects == other.image.objects && names.map(\.name) == other.names.map(\.name)
      return DataFault(
        .duplicateImage, file: other.file,
        "\(file.shownPath) annotates the same picture, \(isSame ? "with the same boxes" : "otherwise")",
        effect: isSame ? .kept : .imageLeftOut)
    }
  }

  let folder: String?
  var faults: FaultCollection
  private var drafts: [Draft] = []
  /// The draft of every picture.
  private var places: [String: Int] = [:]

  init(folder: String?, policy: FaultPolicy) {
    self.folder = folder
    faults = FaultCollection(policy)
  }

  var sortedNames: [String] { Set(drafts.lazy.flatMap(\.names).map(\.name)).sorted() }

  mutating func read(_ path: String) throws(DataError) {
    do throws(DataError) { try add(try VocAnnotation.read(path), path) } catch {
      if case .missingLibrary = error.reason { throw error }
      if case .fault(let fault) = error.reason { return try faults.add(fault) }
      try faults.add(
        DataFault(.unreadableLabels, file: path, error.problem, effect: .imageLeftOut))
    }
  }

  private mutating func add(_ annotation: VocAnnotation, _ path: String) throws(DataError) {
    guard let stated = annotation.filename, !stated.isEmpty else {
      return try faults.add(
        DataFault(
          .unreadableLabels, file: path, line: annotation.line, "there is no <filename>",
          effect: .imageLeftOut))
    }
    var name = stated.hasPrefix("/") || stated.contains("\\") ? Self.lastPart(stated) : stated
    guard Paths.leadsDown(name) else {
      return try faults.add(
        DataFault(
          .missingImage, file: path, line: annotation.line,
          "<filename> must be a path from the folder of the pictures, without '..'",
          effect: .imageLeftOut))
    }
    let picture = picture(name, near: path)
    if Paths.ending(of: name).isEmpty, !picture.fileExtension.isEmpty {
      name += "." + picture.fileExtension
    }
    guard let size = try size(annotation, picture) else { return }
    let folder = annotation.folder ?? ""
    let isPlain = folder.isEmpty || [".", ".."].contains(folder) || folder.contains("/")
    var draft = Draft(
      image: .init(
        path: picture, name: isPlain ? name : folder + "/" + name, width: size.width,
        height: size.height, objects: []), file: path)
    for object in annotation.objects { try add(object, to: &draft) }
    guard let first = places.updateValue(drafts.count, forKey: picture) else {
      return drafts.append(draft)
    }
    places[picture] = first
    try faults.add(drafts[first].repetition(by: draft))
  }

  private mutating func add(
    _ object: VocAnnotation.Object, to draft: inout Draft
  ) throws(DataError) {
    func fault(_ kind: DataFault.Kind, _ text: String) -> DataFault {
      DataFault(kind, file: draft.file, line: object.line, text, effect: .boxLeftOut)
    }
    guard let name = object.name, !name.isEmpty else {
      return try faults.add(fault(.unparsableLine, "an object without <name>"))
    }
    let edges = object.edges.compactMap { $0.flatMap(AnnotationSet.pixels) }
    guard edges.count == 4 else {
      return try faults.add(
        fault(.unparsableLine, "<bndbox> must have numbers xmin, ymin, xmax and ymax"))
    }
    let (left, top) = (edges[0] - 1, edges[1] - 1)
    let box = AnnotationSet.Object(
      classIndex: 0, left: left, top: top, width: edges[2] - left, height: edges[3] - top,
      isDifficult: object.difficult == "1")
    if let wrong = box.fault(in: draft.image.size) {
      return try faults.add(
        fault(
          wrong.kind,
          wrong.kind == .zeroSize ? "xmax and ymax must not be below xmin and ymin" : wrong.text))
    }
    draft.names.append((name, object.line))
    draft.image.objects.append(box)
  }

  /// What follows the last slash of either kind: pictures were annotated on other machines.
  private static func lastPart(_ path: String) -> String {
    path.split { $0 == "/" || $0 == "\\" }.last.map(String.init) ?? path
  }

  private func picture(_ name: String, near path: String) -> String {
    let home = Paths.folder(of: path)
    let above = home == "." ? ".." : Paths.folder(of: home)
    let folders =
      folder.map { [$0] } ?? [home, above + "/JPEGImages", above + "/images", above]
    let endings = Paths.ending(of: name).isEmpty ? ["", ".jpg", ".jpeg", ".png"] : [""]
    let places = folders.flatMap { folder in endings.map { Paths.join(folder, name + $0) } }
    return places.first { PathKind($0) == .file } ?? places[0]
  }

  private mutating func size(
    _ annotation: VocAnnotation, _ picture: String
  ) throws(DataError) -> PictureSize? {
    let stated = [annotation.width, annotation.height].map { text in
      text.flatMap(AnnotationSet.pixels).flatMap { Int(exactly: $0) }
    }
    if let size = AnnotationSet.statedSize(stated[0], stated[1]) { return size }
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
