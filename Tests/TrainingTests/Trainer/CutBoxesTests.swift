import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

/// Pictures with more boxes than the key `max` lets training see.
struct CutBoxesTests {
  @Test(arguments: [
    ("max=3", ["1 picture has more boxes than 'max=3' of [yolo], up to 5", "max=5 in every head"]),
    ("max=1", ["2 pictures have more boxes than 'max=1'", "max=5 in every head"]),
    ("max=5", nil), ("", nil),
  ])
  func `are named with their number`(key: String, words: [String]?) throws {
    let folder = try TemporaryFolder()
    for (name, count) in [("a", 5), ("b", 2), ("c", 0)] {
      try folder.write("P6\n2 2\n255\n000000000000", to: name + ".ppm")
      try folder.write(
        (0..<count).map { "0 0.\($0 + 3) 0.5 0.3 0.3\n" }.joined(), to: name + ".txt")
    }
    let paths = ["a", "b", "c"].map { folder.file($0 + ".ppm") }
    try folder.write(paths.joined(separator: "\n"), to: "list.txt")
    let file = CfgFile(
      text: "[net]\nwidth=8\nheight=8\nchannels=1\n[convolutional]\nfilters=6\nactivation=linear\n"
        + "[yolo]\nclasses=1\nanchors=4,4\n\(key)\n", name: "net.cfg")
    let graph = try Graph(file)
    let data = try TrainingData(folder.file("list.txt"), for: graph)
    let warning = try data.warningOfCutBoxes(file, graph)
    #expect((warning == nil) == (words == nil))
    for text in words ?? [] { #expect(warning?.contains(text) == true, "\(warning ?? "")") }
  }
}
