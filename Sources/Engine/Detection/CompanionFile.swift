package import PenumbraCfg
package import PenumbraSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A text file that a cfg names: a class tree or a class map.
struct CompanionFile {
  /// Why it cannot be used. Nothing in it is text of the file, which may be any file.
  enum Fault: Error, Hashable, Sendable {
    case missing
    case outside
    case unreadable(FileError.Reason)
    case empty
    /// What is wrong with a line.
    case line(Int, String)
  }

  let path: String
  let role: FileRole
  private let cfg: String
  private let access: CompanionAccess

  init(_ path: String, as role: FileRole, of section: CfgFile.Section, _ access: CompanionAccess) {
    self.path = path
    self.role = role
    cfg = section.location.file
    self.access = access
  }

  /// No tree or map is larger: YOLO9000's has 200 KB.
  private static let limit = 4 << 20

  /// The lines of the file that say something, with their numbers from 1.
  func lines() throws(Fault) -> [(number: Int, text: String)] {
    let place = try place()
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try readFile(place, limit: Self.limit, from: .found)
    } catch {
      throw .unreadable(error.reason)
    }
    FilesRead.note(named: place, as: role.name + " of the cfg")
    if let mismatch = role.mismatch(bytes) { throw .unreadable(.otherKind(mismatch)) }
    let lines = textLines(bytes).enumerated().map { (number: $0.offset + 1, text: $0.element) }
    return lines.filter { !$0.text.allSatisfy(\.isWhitespace) }
  }

  // MARK: Place

  private var isStdin: Bool { cfg == "<stdin>" }

  /// The folders in which the file may be, in the order of the search.
  private var folders: [String] {
    let slash = cfg.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { $0 == cfg.startIndex ? "/" : String(cfg[..<$0]) } ?? "."
    return isStdin ? ["."] : [folder, folder + "/..", "."]
  }

  /// Where the file is, without links.
  fileprivate func place() throws(Fault) -> String {
    guard access == .anywhere || isRelative else { throw .outside }
    let candidates = path.hasPrefix("/") ? [path] : folders.map { $0 + "/" + path }
    let found = candidates.compactMap(Self.resolved)
    guard !found.isEmpty else { throw .missing }
    let roots = folders.compactMap(Self.resolved)
    let allowed = found.first { file in
      access == .anywhere || roots.contains { Self.isInside(file, $0) }
    }
    guard let allowed else { throw .outside }
    return allowed
  }

  /// Whether the path goes down from its folder alone.
  private var isRelative: Bool {
    !path.hasPrefix("/") && !path.utf8.contains(0)
      && !path.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
  }

  /// Whether a file lies in a folder or below; of the root folder only what lies in itself counts.
  private static func isInside(_ file: String, _ folder: String) -> Bool {
    guard folder != "/" else { return !file.dropFirst().utf8.contains(UInt8(ascii: "/")) }
    return file.utf8.starts(with: folder.utf8 + [UInt8(ascii: "/")])
  }

  private static func resolved(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}

extension CfgFile {
  /// The trees and maps that its keys name, as far as they are there, and what each of them is.
  package var companionFiles: [(path: String, role: FileRole)] {
    let roles: [(key: String, role: FileRole)] = [("tree", .tree), ("map", .map)]
    return sections.flatMap { section in
      roles.compactMap { key, role in
        guard let path = section.entry(key)?.value, !path.isEmpty,
          let place = try? CompanionFile(path, as: role, of: section, companions).place()
        else { return nil }
        return (place, role)
      }
    }
  }
}

extension Problem {
  /// What is wrong with a file that a key names.
  static func companion(_ file: CompanionFile, _ fault: CompanionFile.Fault) -> Problem {
    .unreadableFile(file.path, reason: fault.reason, help: fault.help(file.role))
  }
}

extension CompanionFile.Fault {
  fileprivate var reason: String {
    switch self {
    case .missing:
      "there is no such file next to the cfg, in the folder above or in the current one"
    case .outside:
      "it lies outside of the folder of the cfg, the folder above and the current one, or is named by"
        + " an absolute path or through '..'"
    case .unreadable(let reason): FileError("", reason).problem
    case .empty: "it is empty"
    case .line(let number, let what): "line \(number) \(what)"
    }
  }

  fileprivate func help(_ role: FileRole) -> String {
    switch self {
    case .outside:
      "put \(role.name) next to the cfg, or give --allow-outside for a cfg that you trust"
    case .line:
      role == .map
        ? "each line of a class map is the number of one of the network's classes"
        : "each line of \(role.name) is: name, space, number of an earlier line or -1"
    default: "put \(role.name) there, or remove the key"
    }
  }
}
