/// Every file that a data set consists of, as far as it can be found without opening pictures or
/// labels: what must not be overwritten while it is in use.
///
/// - Returns: paths, and what each is to the set.
package func dataSetFiles(of path: String) -> [(path: String, role: String)] {
  guard let location = try? DataLocation(path) else { return [] }
  switch location {
  case .data(let file): return files(of: file)
  case .list(let list): return [(list, "a list of the data set")] + images(of: list)
  case .images(let folder): return images(of: folder)
  case .classFolders(let train, let valid, _):
    let pictures = ([train] + (valid.map { [$0] } ?? [])).flatMap(images)
    let names = Paths.contents(of: path).filter { $0.hasSuffix(".names") }
    return pictures + names.map { (Paths.join(path, $0), "the class names") }
  }
}

private func files(of file: DataSetFile) -> [(path: String, role: String)] {
  var files = [(file.path, "the .data file")]
  for key in ["names", "labels"] {
    if let names = try? file.file(key) { files.append((names, "the class names")) }
  }
  for key in ["train", "valid", "difficult"] {
    guard let list = try? file.file(key) else { continue }
    files.append((list, "a list of the data set"))
    files += images(of: list)
  }
  return files
}

/// Of a list or a folder, with the labels that an image can have.
private func images(of list: String) -> [(path: String, role: String)] {
  ((try? ImageList(list))?.entries ?? []).flatMap { entry in
    [(entry.path, "a picture of the data set")]
      + LabelPath.candidates(for: entry.path).map { ($0, "a label file of the data set") }
  }
}
