import Foundation
import PenumbraSupport

/// What the files of a training run are called: `FOLDER/NAME_last.weights` and so on.
public struct CheckpointNames: Hashable, Sendable {
  /// Which part of a cfg's file name the files of a run begin with.
  public enum Rule: Sendable {
    /// All of it but `.cfg`: `yolov3.coco-giou-12.cfg` becomes `yolov3.coco-giou-12_last.weights`.
    case wholeName
    /// Up to its first full stop, as Darknet has it: the same cfg becomes `yolov3_last.weights`.
    case firstStop
  }

  public enum Kind: Hashable, Sendable {
    case last, best, final, averaged
    case iteration(Int)
  }

  public let folder: String
  public let base: String

  /// - Parameter cfg: the path of the network's cfg.
  public init(cfg: String, folder: String, rule: Rule = .wholeName) {
    let name = cfg.split(separator: "/").last.map(String.init) ?? cfg
    var end = name.endIndex
    switch rule {
    case .wholeName: if name.hasSuffix(".cfg") { end = name.index(end, offsetBy: -4) }
    case .firstStop: end = name.firstIndex(of: ".") ?? end
    }
    // A name such as `.cfg` leaves nothing over.
    base = end == name.startIndex ? "network" : String(name[..<end])
    self.folder = folder.hasSuffix("/") && folder.count > 1 ? String(folder.dropLast()) : folder
  }

  /// The path of a weights file.
  public func weights(_ kind: Kind) -> String {
    let word =
      switch kind {
      case .last: "last"
      case .best: "best"
      case .final: "final"
      case .averaged: "ema"
      case .iteration(let number): "\(number)"
      }
    return path("\(base)_\(word).weights")
  }

  /// The path of what `--resume` goes on from.
  public var state: String { path("\(base)_last.state") }
  /// The path of the record of every iteration.
  public var log: String { path("train.jsonl") }
  /// The path of the page with curves, where no other is asked for.
  public var page: String { path("train.html") }

  /// The state files in the folder, of this cfg and of others, by name.
  public var states: [String] {
    (folderEntries(folder.isEmpty ? "." : folder) ?? [])
      .filter { $0.hasSuffix("_last.state") }.sorted().map(path)
  }

  /// The numbered weights of a run that a file would be one of, if it lay in the folder.
  public func numberedWeights(like file: String?) -> [String] {
    guard let name = file?.split(separator: "/").last, let number = number(of: name) else {
      return []
    }
    return [weights(.iteration(number))]
  }

  /// The numbered weights that the folder holds, links that lead nowhere too, with their numbers.
  public var numberedWeights: [(number: Int, path: String)] {
    (folderEntries(folder.isEmpty ? "." : folder) ?? []).sorted().compactMap { name in
      number(of: name).map { ($0, path(name)) }
    }
  }

  /// Whether a file lies in the folder itself, and is not a link to one elsewhere.
  public func holds(_ file: String) -> Bool {
    let home = FileStatus(file.folderName)?.identity
    return home != nil && home == FileStatus(folder.isEmpty ? "." : folder)?.identity
      && !isLink(file)
  }

  private func number(of name: some StringProtocol) -> Int? {
    guard name.hasPrefix(base + "_"), name.hasSuffix(".weights") else { return nil }
    let digits = name.dropFirst(base.count + 1).dropLast(".weights".count)
    guard let number = Int(digits), number >= 0, String(number) == digits else { return nil }
    return number
  }

  /// Removes what killed processes have left half written.
  public func removeLeftovers() {
    Leftovers.remove(in: folder.isEmpty ? "." : folder)
  }

  /// Removes what `--resume` would go on from, if there is any. A link stays, and what is no regular
  /// file does.
  public func removeState() {
    guard case .file(let end, .some)? = try? OutputTarget(state) else { return }
    removeFile(end)
  }

  private func path(_ name: String) -> String {
    folder.isEmpty || folder == "." ? name : folder == "/" ? "/" + name : folder + "/" + name
  }
}
