public import Foundation

/// The folder beside the package that holds specifications and golden cases of others.
///
/// It is no part of the package: a test that needs it says so and is skipped where it does not exist.
public enum Shared {
  /// The package's own folder.
  public static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// `../shared`, seen from the package or from the checkout that a worktree belongs to.
  public static let folder: URL? = {
    let environment = ProcessInfo.processInfo.environment["PENUMBRA_SHARED"]
    let places =
      environment.map { [URL(fileURLWithPath: $0)] }
      ?? [package.deletingLastPathComponent().appendingPathComponent("shared")]
    return places.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  /// Whether a file or folder is in it, for `.enabled(if:)`.
  public static func has(_ path: String) -> Bool {
    folder.map { FileManager.default.fileExists(atPath: $0.appendingPathComponent(path).path) }
      ?? false
  }

  /// A file or folder in it, or nil after printing what is skipped.
  public static func item(_ path: String, for test: String) -> URL? {
    guard let item = folder?.appendingPathComponent(path),
      FileManager.default.fileExists(atPath: item.path)
    else {
      print("skipped: \(test): no ../shared/\(path)")
      return nil
    }
    return item
  }

  /// Every file below a folder whose name ends so, in order; none after printing what is skipped.
  public static func files(below path: String, suffix: String, for test: String) -> [URL] {
    guard let folder = item(path, for: test) else { return [] }
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (names ?? []).filter { $0.hasSuffix(suffix) }.sorted().map {
      folder.appendingPathComponent($0)
    }
  }
}
