import Foundation
import TestSupport

extension TemporaryFolder {
  /// Copies a file or a folder of `Tests/Cases/reports`.
  func copy(_ report: String, to name: String) throws {
    let target = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: URL(fileURLWithPath: HostileCase.folder + "/reports/" + report), to: target)
  }

  /// A small photograph with a label file next to it.
  func picture(_ name: String, label: String) throws {
    try copy("no-valid/a.jpg", to: name)
    try write(label, to: name.replacing(".jpg", with: ".txt"))
  }

  /// `w.weights` that fit a cfg.
  func seededWeights(_ cfg: String) throws {
    _ = try penumbra("weights", cfg, "--seed", "1", "--out", file("w.weights"))
  }

  /// `w.weights` of `t.cfg` with 80 classes.
  func weightsOf80Classes() throws {
    let text = try String(contentsOfFile: HostileCase.folder + "/hostile/t.cfg", encoding: .utf8)
    try write(
      text.replacing("filters=24", with: "filters=255").replacing("classes=3", with: "classes=80"),
      to: "coco.cfg")
    try seededWeights(file("coco.cfg"))
  }

  /// A symbolic link, with the folders above it.
  func link(_ name: String, to target: String) throws {
    let link = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: target)
  }
}
