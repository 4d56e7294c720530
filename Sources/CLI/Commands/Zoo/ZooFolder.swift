import Foundation
import PenumbraCfg
import PenumbraSupport
import PenumbraZoo

/// A folder of cfgs and the record beside them.
struct ZooFolder {
  let path: String
  let recordPath: String
  private let recordSource: FileSource
  /// Paths of the cfgs below the folder, in order.
  let names: [String]

  /// - Throws: when there is no such folder, or a link in it leads out of it.
  init(_ path: String, record: String?, allowsOutside: Bool = false) throws {
    guard let isFolder = isFolder(path) else { throw FileError(path, .notFound) }
    guard isFolder else {
      throw InputError(
        "\(path.shownPath) is a file, a folder of cfgs was expected", status: .badData)
    }
    self.path = path
    recordPath = record ?? path + "/" + ZooRecord.fileName
    recordSource = record == nil ? .found : .named
    let found = ContainedFiles(below: path, suffix: ".cfg", allowsOutside: allowsOutside)
    if let refused = found.refused.first { throw refused }
    noteOutside(found.outside)
    names = found.names
  }

  /// The record, or an empty one where there is none that can be read and one may be made.
  func record(mayBeNew: Bool) throws -> ZooRecord {
    guard fileStatus(recordPath) != nil else {
      if mayBeNew { return ZooRecord() }
      throw InputError(
        "\(recordPath.shownPath): there is no record of this folder",
        help: "make one with '\(updateLine)'", status: .notFound)
    }
    let bytes = Data(try readFile(recordPath, from: recordSource))
    do throws(ZooError) {
      return try ZooRecord(json: bytes, name: recordPath)
    } catch {
      guard ZooRecord.mayReplace(bytes) else {
        throw InputError(
          "\(recordPath.shownPath): \(error.problem)",
          help: "move the file away, and make a record with '\(updateLine)'", status: .badData)
      }
      guard mayBeNew else {
        throw InputError(
          "\(recordPath.shownPath): \(error.problem)", help: "make it again with '\(updateLine)'",
          status: .badData)
      }
      standardError("warning: \(recordPath.shownPath): \(error.problem); it is made again")
      return ZooRecord()
    }
  }

  /// The command that makes the record.
  var updateLine: String {
    let isOwn = recordPath == path + "/" + ZooRecord.fileName
    return "penumbra zoo check \(path.shellQuoted) --update"
      + (isOwn ? "" : " --record \(recordPath.shellQuoted)")
  }

  /// The cfgs of the folder and the networks that only the record has.
  ///
  /// - Parameter part: what the path must contain; nil takes all.
  func items(
    _ record: ZooRecord, only part: String?, companions: CompanionAccess = .nearby
  ) throws -> [ZooCheck.Item] {
    let gone = record.networks.keys.filter { !names.contains($0) }
    let chosen = (names + gone).sorted().filter { part.map($0.contains) ?? true }
    guard !chosen.isEmpty else {
      throw InputError(
        part.map { "no cfg below \(path.shownPath) has '\($0)' in its path" }
          ?? "there is no cfg below \(path.shownPath)",
        status: .notFound)
    }
    return try chosen.map { name in
      let isThere = names.contains(name)
      return ZooCheck.Item(
        name: name,
        file: isThere
          ? try CfgFile(contentsOf: path + "/" + name, companions: companions, from: .found) : nil)
    }
  }
}
