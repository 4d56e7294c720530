import Foundation
import TestSupport
import Testing

struct DataSynthTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a data set is written, and what is in it is said`() throws {
    let result = try penumbra(
      "data", "synth", "--output", "cells", "--count", "4", "--val", "1", "--size", "128x96",
      "--seed", "9", in: folder.path)
    #expect(result.exitCode == 0)
    #expect(result.stderr == "")
    let lines = result.stdout.split(separator: "\n")
    try #require(lines.count == 3)
    #expect(lines[0] == "cells/cells.data")
    #expect(lines[1].wholeMatch(of: /train: 4 pictures, \d+ RBC, \d+ WBC, \d+ Platelets/) != nil)
    #expect(lines[2].wholeMatch(of: /val: 1 picture, \d+ RBC, \d+ WBC, \d+ Platelets/) != nil)
    #expect(folder.files.count { $0.hasSuffix(".jpg") } == 5)
  }

  @Test func `a fifth more is written to validate with`() throws {
    let result = try penumbra(
      "data", "synth", "-o", "cells", "--count", "6", "--size", "64x48", "--json",
      in: folder.path)
    struct Summary: Decodable {
      struct Part: Decodable {
        let pictures: Int
        let boxes: [String: Int]
      }
      let train: Part
      let validation: Part
    }
    let summary = try JSONDecoder().decode(Summary.self, from: Data(result.stdout.utf8))
    #expect(summary.train.pictures == 6)
    #expect(summary.validation.pictures == 2)
    #expect(summary.train.boxes.keys.sorted() == ["Platelets", "RBC", "WBC"])
  }

  @Test func `a data set that is there is not replaced without a word`() throws {
    let command = ["data", "synth", "-o", "cells", "--count", "1", "--val", "0", "--size", "64x48"]
    #expect(try penumbra(command, in: folder.path).exitCode == 0)
    let again = try penumbra(command + ["--seed", "2"], in: folder.path)
    #expect(again.exitCode == 73)
    #expect(again.stdout == "")
    #expect(
      again.stderr == """
        cells: error: there is a data set already ('images')
        help: choose another folder, or replace the set (--force)

        """)
    #expect(try penumbra(command + ["--seed", "2", "--force"], in: folder.path).exitCode == 0)
  }

  @Test(arguments: [
    ("--count=-1", "--count is -1, expected 0 to 1000000"),
    ("--count 0 --val 0", "--count and --val are 0, expected a picture at least"),
    ("--size 640x20", "--size has a height of 20, expected 32 to 4096"),
    ("--size 640", "The value '640' is invalid for '--size <size>'"),
    ("--label-cut-cells 1.5", "--label-cut-cells is 1.5, expected 0 to 1"),
    ("--margin 99", "--margin is 99.0, expected 0 to 50"),
    ("--threads 0", "--threads is 0, expected 1 to 256"),
  ])
  func `options out of range are named, and nothing is written`(
    options: String, message: String
  ) throws {
    let arguments = options.split(separator: " ").map(String.init)
    let result = try penumbra(["data", "synth", "-o", "cells"] + arguments, in: folder.path)
    #expect(result.exitCode == 64)
    #expect(result.stderr.hasPrefix("Error: \(message)"))
    #expect(folder.files.isEmpty)
  }
}
