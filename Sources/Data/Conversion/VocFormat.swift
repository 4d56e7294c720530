import PenumbraSupport

extension AnnotationSet {
  /// An XML file an image, and `classes.names` with the order of the classes. Crowds, which they
  /// cannot mark, are left out.
  public func vocFiles(in folder: String) throws(DataError) -> [ConvertedFile] {
    let names = try uniqueNames()
    for (image, name) in zip(images, names) where !name.isKeptByVOC || name.contains("\\") {
      throw DataError(.unwritableName(name, format: "Pascal VOC"), file: image.path)
    }
    for name in classNames where !name.isKeptByVOC {
      throw DataError(.unwritableName(name, format: "Pascal VOC"), file: folder)
    }
    let files = zip(images, names).map { image, name in
      ConvertedFile("\(folder)/\(Paths.stem(of: name)).xml", text: xml(image, name))
    }
    let list = "\(folder)/classes.names"
    try classNames.requireDifferentNames(list)
    return files + [ConvertedFile(list, text: try classNames.namesText(list))]
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

extension String {
  /// Whether readers of VOC give a name back as it was: XML holds no control characters, and whitespace
  /// at the ends is not part of a name. A backslash is taken for a separator of folders.
  fileprivate var isKeptByVOC: Bool {
    self == trimmedBlanks
      && !unicodeScalars.contains { scalar in
        switch scalar.value {
        case 0..<0x20, 0x7F...0x9F, 0xFFFE, 0xFFFF: true
        default: false
        }
      }
  }
}
