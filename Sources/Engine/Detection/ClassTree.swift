import PenumbraCfg
import PenumbraSupport

/// A hierarchy of classes: siblings compete, and a class needs its parent (YOLO9000's WordTree).
///
/// Format: a line a class, `name parent`, in class order; -1 is no parent. Consecutive lines with
/// the same parent are siblings. Source: Darknet `tree.c` (`read_tree`).
package struct ClassTree: Sendable {
  /// The number of each class's parent; -1 for a root.
  package let parents: [Int]
  /// How many siblings each group has.
  package let groups: [Int]

  /// - Parameter lines: those of the file that say something, with their numbers.
  init(_ lines: [(number: Int, text: String)]) throws(CompanionFile.Fault) {
    var (parents, groups): ([Int], [Int]) = ([], [])
    for (number, line) in lines {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard fields.count == 2, let parent = Int(fields[1]) else {
        throw .line(number, "is not a name and a number")
      }
      guard (-1..<parents.count).contains(parent) else {
        throw .line(number, "names the parent \(parent), expected -1 to \(parents.count - 1)")
      }
      if parents.last == parent { groups[groups.count - 1] += 1 } else { groups.append(1) }
      parents.append(parent)
    }
    guard !parents.isEmpty else { throw .empty }
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

  /// The tree that a key names; nil where there is none or it cannot be read.
  static func read(
    _ key: Key<String?>, _ section: inout SectionReader, _ upstream: Upstream
  ) -> ClassTree? {
    guard let path = section.read(key) else { return nil }
    let file = CompanionFile(path, as: .tree, of: section.section, upstream.companions)
    do throws(CompanionFile.Fault) {
      return try ClassTree(file.lines())
    } catch {
      section.report(.companion(file, error), at: key)
      return nil
    }
  }
}
