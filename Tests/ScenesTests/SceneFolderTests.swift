import Foundation
import PenumbraEngine
import PenumbraImaging
import PenumbraScenes
import TestSupport
import Testing

struct SceneFolderTests {
  private let folder: TemporaryFolder
  private let set = SceneFolder(
    seed: 3, trainCount: 3, validationCount: 2, width: 96, height: 64)

  init() throws { folder = try TemporaryFolder() }

  private var entries: [String] { folder.files }

  @Test func `the folder has a picture and a label file each, lists, names and a data file`() throws
  {
    try set.write(to: folder.path, threads: 2)
    let names = (0..<5).map { "scene_00000\($0)" }
    #expect(
      entries
        == ["cells.data", "cells.names"] + names.map { "images/\($0).jpg" }
        + names.map { "labels/\($0).txt" } + ["train.txt", "val.txt"])
    #expect(folder.text("train.txt") == names[..<3].map { "images/\($0).jpg\n" }.joined())
    #expect(folder.text("val.txt") == names[3...].map { "images/\($0).jpg\n" }.joined())
    #expect(folder.text("cells.names") == "RBC\nWBC\nPlatelets\n")
    #expect(
      folder.text("cells.data") == """
        classes = 3
        train = train.txt
        valid = val.txt
        names = cells.names
        backup = backup

        """)
  }

  @Test func `a label file says what the scene says, and the picture has its size`() throws {
    try set.write(to: folder.path, threads: 1)
    for index in 0..<5 {
      let boxes = Scene(seed: 3, index: index, width: 96, height: 64).render().boxes
      let lines = (folder.text("labels/scene_00000\(index).txt") ?? "").split(separator: "\n")
      #expect(lines.count == boxes.count)
      for (line, labelled) in zip(lines, boxes) {
        let fields = line.split(separator: " ").compactMap { Float($0) }
        let box = labelled.box
        let expected = [Float(labelled.classIndex), box.x, box.y, box.width, box.height]
        #expect(zip(fields, expected).allSatisfy { abs($0 - $1) < 1e-6 } && fields.count == 5)
      }
      let picture = try Bitmap(contentsOf: folder.file("images/scene_00000\(index).jpg"))
      #expect(picture.width == 96 && picture.height == 64)
    }
  }

  @Test func `the bytes are the same on any number of threads`() throws {
    let other = try TemporaryFolder()
    try set.write(to: folder.path, threads: 1)
    try set.write(to: other.path, threads: 4)
    #expect(entries == other.files)
    for entry in entries {
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: folder.file(entry)))
          == Data(contentsOf: URL(fileURLWithPath: other.file(entry))), "\(entry)")
    }
  }

  @Test func `the summary counts pictures and boxes`() throws {
    let summary = try set.write(to: folder.path, threads: 2)
    let boxes = (0..<5).map { Scene(seed: 3, index: $0, width: 96, height: 64).render().boxes }
    #expect(summary.train.pictures == 3 && summary.validation.pictures == 2)
    let red = boxes[..<3].joined().count { $0.classIndex == 0 }
    #expect(red > 0 && summary.train.boxes["RBC"] == red)
    let white = boxes[3...].joined().count { $0.classIndex == 1 }
    #expect(summary.validation.boxes["WBC"] == white)
  }

  @Test func `an earlier set stays unless it is given up, and then goes whole`() throws {
    try set.write(to: folder.path, threads: 2)
    let before = folder.text("labels/scene_000000.txt")
    var smaller = set
    (smaller.seed, smaller.trainCount) = (4, 1)
    let error = #expect(throws: SceneFolderError.self) {
      try smaller.write(to: folder.path, threads: 2)
    }
    #expect(
      error?.description == """
        \(folder.path): error: there is a data set already ('images')
        help: choose another folder, or replace the set (--force)
        """)
    #expect(folder.text("labels/scene_000000.txt") == before)

    try smaller.write(to: folder.path, replacing: true, threads: 2)
    #expect(folder.text("labels/scene_000000.txt") != before)
    #expect(entries.count { $0.hasPrefix("images/") } == 3)
    #expect(!entries.contains { $0.contains(".tmp") })
  }

  @Test func `files that are no scenes are never removed`() throws {
    try set.write(to: folder.path, threads: 2)
    try folder.write("mine", to: "images/holiday.jpg")
    let error = #expect(throws: SceneFolderError.self) {
      try set.write(to: folder.path, replacing: true, threads: 2)
    }
    #expect(error?.reason == .foreign("images/holiday.jpg"))
    #expect(folder.text("images/holiday.jpg") == "mine")

    try FileManager.default.removeItem(atPath: folder.file("images/holiday.jpg"))
    try folder.write("mine", to: "backup/cells_last.weights")
    try set.write(to: folder.path, replacing: true, threads: 2)
    #expect(folder.text("backup/cells_last.weights") == "mine")
  }

  @Test(arguments: ["train.txt", "val.txt", "cells.names"])
  func `lists without a set are somebody's own`(name: String) throws {
    try folder.write("photos/a.jpg\n", to: name)
    let error = #expect(throws: SceneFolderError.self) {
      try set.write(to: folder.path, replacing: true, threads: 1)
    }
    #expect(error?.reason == .unfinished(name))
    #expect(folder.text(name) == "photos/a.jpg\n" && entries == [name])
  }

  @Test(arguments: ["train.txt", "val.txt"])
  func `a list with a picture that is no scene is never removed`(name: String) throws {
    try set.write(to: folder.path, threads: 2)
    let text = (folder.text(name) ?? "") + "photos/a.jpg"
    try folder.write(text, to: name)
    let error = #expect(throws: SceneFolderError.self) {
      try set.write(to: folder.path, replacing: true, threads: 1)
    }
    #expect(error?.reason == .foreignList(name, line: name == "val.txt" ? 3 : 4))
    #expect(folder.text(name) == text)
  }

  @Test func `an earlier set is back where a new one cannot be put`() throws {
    try set.write(to: folder.path, threads: 2)
    let (before, names) = (folder.text("train.txt"), entries)
    var other = set
    other.trainCount = 1
    let path = folder.path
    let error = #expect(throws: SceneFolderError.self) {
      try other.write(to: path, replacing: true, threads: 1) { done in
        guard done == 3 else { return }
        // What was made so far is lost before it gets to its place.
        let found = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in found where name.hasPrefix(".penumbra-") {
          try? FileManager.default.removeItem(atPath: "\(path)/\(name)/labels")
        }
      }
    }
    guard case .unwritable = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(folder.text("train.txt") == before && entries == names)
  }

  @Test func `a folder that cannot be made is named`() throws {
    let file = try folder.write("", to: "file")
    let error = #expect(throws: SceneFolderError.self) {
      try set.write(to: file + "/set", threads: 1)
    }
    #expect(error?.description.hasPrefix("\(file)/set: error: the folder cannot be made: ") == true)
  }
}
