import Foundation
import PenumbraData
import PenumbraSupport

/// What the classes of a network are called; where nobody says, by their numbers.
struct ClassNames: Sendable {
  private let names: [String]
  /// The number of classes the network tells apart.
  let count: Int
  /// The file that they are from.
  let file: String?

  /// The name of a class.
  subscript(_ index: Int) -> String { names.indices.contains(index) ? names[index] : "\(index)" }

  /// The name as it is shown to people.
  func shown(_ index: Int) -> String { self[index].printable }

  /// - Parameters:
  ///   - file: a file with a name a line, which must have one for every class.
  ///   - besides: files in whose folders a `.names` file is looked for when `file` is nil.
  /// - Throws: `FileError` for the file, `InputError` when it has too few names.
  init(file: String?, besides: [String] = [], classes: Int) throws {
    count = classes
    if let file {
      self.file = file
      names = try [String](namesFile: file)
      guard names.count >= classes else { throw Self.tooFew(file, names.count, classes) }
      if names.count > classes {
        standardError(
          "\(file.shownPath): warning: \(names.count) names, the network has \(classes) classes")
      }
    } else {
      (names, self.file) = Self.found(besides: besides, classes: classes)
    }
  }

  private static func tooFew(_ file: String, _ found: Int, _ classes: Int) -> InputError {
    InputError(
      "\(file.shownPath): \(found) names, the network has \(classes) classes",
      help: "give the names file that belongs to these weights, a line for every class")
  }

  // MARK: Next to the network

  /// The names of the only `.names` file next to the network's, or of one that a labelling program left
  /// there; none where that is unclear.
  private static func found(
    besides files: [String], classes: Int
  ) -> (names: [String], file: String?) {
    let candidates = candidates(besides: files)
    guard let only = candidates.first else { return ([], nil) }
    let problem: String
    if candidates.count > 1 {
      let files = candidates.map(\.file.shownPath).joined(separator: ", ")
      problem = "\(files): choose one with --names; classes are shown by number"
    } else {
      do throws(DataError) {
        let names = try [String](namesFile: only.file, foundIn: only.folder)
        if names.count >= classes {
          standardError("note: class names from \(only.file.shownPath)")
          return (names, only.file)
        }
        problem =
          "\(only.file.shownPath) does not name \(classes) classes; they are shown by number"
      } catch {
        problem =
          "\(only.file.shownPath): \(error.problem); classes are shown by number; --names names a file"
      }
    }
    standardError("note: \(problem)")
    return ([], nil)
  }

  /// The files that may have the names, each with the folder in which it lies.
  private static func candidates(besides files: [String]) -> [(file: String, folder: String)] {
    let folders = files.map(\.folderName).reduce(into: [String]()) { folders, folder in
      if !folders.contains(folder) { folders.append(folder) }
    }
    func found(_ isWanted: (String) -> Bool) -> [(file: String, folder: String)] {
      folders.flatMap { folder in
        (folderEntries(folder) ?? [])
          .filter { isWanted($0) && !$0.hasPrefix(".") }.sorted()
          .map { (folder == "." ? $0 : folder + "/" + $0, folder) }
      }
    }
    let named = found { $0.hasSuffix(".names") }
    return named.isEmpty ? found(NamesFiles.usualNames.contains) : named
  }
}
