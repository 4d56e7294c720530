import PenumbraCfg

/// A hierarchy of classes: siblings compete, and a class needs its parent (YOLO9000's WordTree).
///
/// Format: a line a class, `name parent`, in class order; -1 is no parent. Consecutive lines with
/// the same parent are siblings. Source: Darknet `tree.c` (`read_tree`).
struct ClassTree: Sendable {
  let names: [String]
  let parents: [Int]
  /// How many siblings each group has.
  let groups: [Int]

  enum Fault: Error, Hashable, Sendable {
    case unreadable(String)
    case line(Int, String)
  }

  init(text: String) throws(Fault) {
    var (names, parents, groups): ([String], [Int], [Int]) = ([], [], [])
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard fields.count == 2, let parent = Int(fields[1]), (-1..<index).contains(parent) else {
        throw .line(index + 1, String(line))
      }
      if parents.last == parent { groups[groups.count - 1] += 1 } else { groups.append(1) }
      names.append(String(fields[0]))
      parents.append(parent)
    }
    guard !names.isEmpty else { throw .unreadable("it is empty") }
    self.names = names
    self.parents = parents
    self.groups = groups
  }

  /// Multiplies every score by its parent's, from the roots down.
  ///
  /// Source: Darknet `tree.c` (`hierarchy_predictions`).
  func multiplyDown(_ scores: UnsafeMutablePointer<Float>) {
    for (index, parent) in parents.enumerated() where parent >= 0 {
      scores[index] *= scores[parent]
    }
  }

  /// The tree a key names, its path relative to the cfg; nil when there is none or it is unreadable.
  static func read(_ key: Key<String?>, _ section: inout SectionReader) -> ClassTree? {
    guard let path = section.read(key) else { return nil }
    do throws(Fault) {
      return try ClassTree(text: try CompanionFile.read(path, besides: section))
    } catch {
      section.report(.unreadableCompanion(path, error, what: "a class tree"), at: key)
      return nil
    }
  }
}

/// A text file that a cfg names.
enum CompanionFile {
  /// Reads a file whose path starts at the cfg's folder or, as in Darknet, at the current one.
  static func read(_ path: String, besides section: SectionReader) throws(ClassTree.Fault) -> String
  {
    let cfg = section.section.location.file
    let folder = cfg.lastIndex(of: "/").map { String(cfg[...$0]) } ?? ""
    for candidate in path.hasPrefix("/") ? [path] : [folder + path, path] {
      if let bytes = try? readText(candidate) { return String(decoding: bytes, as: UTF8.self) }
    }
    throw .unreadable("there is no such file beside the cfg or in the current folder")
  }

  /// Looks for the file of a `map` key, which only training reads.
  static func checkMap(_ key: Key<String?>, _ section: inout SectionReader) {
    guard let path = section.read(key) else { return }
    do throws(ClassTree.Fault) {
      _ = try read(path, besides: section)
    } catch {
      let problem = Problem.unreadableCompanion(path, error, what: "a class map")
      section.report(problem.with(.warning), at: key)
    }
  }
}

extension Problem {
  static func unreadableCompanion(_ path: String, _ fault: ClassTree.Fault, what: String) -> Problem
  {
    switch fault {
    case .unreadable(let reason):
      .unreadableFile(path, reason: reason, help: "put \(what) there, or remove the key")
    case .line(let number, let text):
      .unreadableFile(
        path, reason: "line \(number) is '\(text)'",
        help: "each line of \(what) is: name, blank, number of an earlier line or -1")
    }
  }
}
