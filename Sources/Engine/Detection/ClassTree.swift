package import PenumbraCfg
import PenumbraSupport

/// A hierarchy of classes: siblings compete, and a class needs its parent (YOLO9000's WordTree).
///
/// Format: a line a class, `name parent`, in class order; -1 is no parent. Consecutive lines with
/// the same parent are siblings. Source: Darknet `tree.c` (`read_tree`).
package struct ClassTree: Sendable {
  let names: [String]
  /// The number of each class's parent; -1 for a root.
  package let parents: [Int]
  /// How many siblings each group has.
  package let groups: [Int]

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
      if let bytes = try? readFile(candidate) { return String(decoding: bytes, as: UTF8.self) }
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

/// The numbers that the classes of a data set's labels have in a network, by the file of a `map` key.
package struct ClassMap: Sendable {
  package let classes: [Int]

  /// Nil where the section has no such key.
  ///
  /// - Throws: when the file cannot be read or a line of it is not a class's number.
  package init?(_ section: CfgFile.Section, spec: SectionSpec, classes count: Int) throws(CfgError)
  {
    guard let entry = section.entry("map") else { return nil }
    do throws(ClassTree.Fault) {
      let text = try CompanionFile.read(
        entry.value, besides: SectionReader(section, spec: spec))
      classes = try Self.classes(text, count)
    } catch {
      let problem = Problem.unreadableCompanion(entry.value, error, what: "a class map")
      throw CfgError([
        Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine)
      ])
    }
  }

  private static func classes(_ text: String, _ count: Int) throws(ClassTree.Fault) -> [Int] {
    var classes: [Int] = []
    for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      guard let number = Int(line.filter { $0 != " " }), (0..<count).contains(number) else {
        throw .line(index + 1, String(line))
      }
      classes.append(number)
    }
    return classes
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
        help: what == "a class map"
          ? "each line of a class map is the number of one of the network's classes"
          : "each line of \(what) is: name, blank, number of an earlier line or -1")
    }
  }
}
