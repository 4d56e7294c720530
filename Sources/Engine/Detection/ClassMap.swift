package import PenumbraCfg
import PenumbraSupport

/// The numbers that the classes of a data set's labels have in a network, by the file of a `map` key.
///
/// Training alone reads it: a file that cannot be used is a warning until a network is trained.
package struct ClassMap: Sendable {
  private let content: Result<[Int], CfgError>

  /// The number of the network's class for each class of the labels.
  ///
  /// - Throws: when the file cannot be read, or a line of it is not a class's number.
  package func classes() throws(CfgError) -> [Int] { try content.get() }

  /// The map that a key names; nil where the section has no such key.
  static func read(
    _ key: Key<String?>, classes count: Int, _ section: inout SectionReader, _ upstream: Upstream
  ) -> ClassMap? {
    guard let path = section.read(key), let entry = section.section.entry(key.name) else {
      return nil
    }
    let file = CompanionFile(path, as: .map, of: section.section, upstream.companions)
    do throws(CompanionFile.Fault) {
      return ClassMap(content: .success(try classes(file.lines(), count)))
    } catch {
      let problem = Problem.companion(file, error)
      section.report(problem.with(.warning), at: key)
      return ClassMap(
        content: .failure(
          CfgError([Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine)])))
    }
  }

  private static func classes(
    _ lines: [(number: Int, text: String)], _ count: Int
  ) throws(CompanionFile.Fault) -> [Int] {
    guard !lines.isEmpty else { throw .empty }
    var classes: [Int] = []
    for (number, text) in lines {
      guard let value = Int(text.filter { $0 != " " }) else { throw .line(number, "is no number") }
      guard (0..<count).contains(value) else {
        throw .line(number, "is \(value), expected 0 to \(count - 1)")
      }
      classes.append(value)
    }
    return classes
  }
}
