import Dispatch
import Foundation
import PenumbraCompute
import PenumbraEngine
import PenumbraSupport
import TestSupport
import Testing

/// Every mistake in a weights file, and the whole text of its message.
struct WeightsErrorTests {
  private static let twoLayers = """
    [convolutional]
    filters=2
    batch_normalize=1
    activation=linear
    [convolutional]
    filters=1
    activation=linear
    """

  private func message(
    _ file: [UInt8], _ sections: String = twoLayers, name: String = "net.weights"
  ) throws -> String? {
    let folder = try TemporaryFolder()
    let path = try folder.write(file, to: name)
    let graph = try graph(sections)
    let error = #expect(throws: WeightsError.self) { try Weights(contentsOf: path, for: graph) }
    return error?.description.replacing(folder.path + "/", with: "")
  }

  @Test func `no file`() throws {
    let graph = try graph(Self.twoLayers)
    let error = #expect(throws: WeightsError.self) {
      try Weights(contentsOf: "nowhere/net.weights", for: graph)
    }
    #expect(
      error?.description == """
        nowhere/net.weights: error: there is no such file
        help: check the path; weights/README.md says where published weights are to be had
        """)
  }

  @Test func `a folder`() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(Self.twoLayers)
    let error = #expect(throws: WeightsError.self) {
      try Weights(contentsOf: folder.path, for: graph)
    }
    #expect(
      error?.description == """
        \(folder.path): error: this is a folder, not a weights file
        help: name the .weights file in it
        """)
  }

  @Test func `a pipe is read like a file`() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(Self.twoLayers)
    let weights = try Weights(seed: 1, for: graph)
    try weights.write(to: folder.file("a.weights"))
    let bytes = try folder.bytes("a.weights")
    try #require(mkfifo(folder.file("pipe"), 0o600) == 0)
    let path = folder.file("pipe")
    let writer = Thread { try? Data(bytes).write(to: URL(fileURLWithPath: path), options: []) }
    writer.start()
    let read = try Weights(contentsOf: path, for: graph)
    try read.write(to: folder.file("b.weights"))
    #expect(try folder.bytes("b.weights") == bytes)
  }

  @Test func `a file that is truncated while it is mapped is an error, not a signal`() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(
      "[convolutional]\nfilters=512\nsize=3\nactivation=linear\n"
        + "[convolutional]\nfilters=64\nsize=3\nactivation=linear")
    try Weights(seed: 1, for: graph).write(to: folder.file("a.weights"))
    let weights = try Weights(contentsOf: folder.file("a.weights"), for: graph)
    try weights.checkUnchanged()
    try #require(truncate(folder.file("a.weights"), 4096) == 0)
    // Every page is read, those beyond the new end too.
    let sum = weights.layout.entries.reduce(Float(0)) { $0 + weights.values($1.id).reduce(0, +) }
    #expect(sum.isFinite)
    let error = #expect(throws: WeightsError.self) { try weights.checkUnchanged() }
    #expect(error?.reason == .changed)
    #expect(throws: PlanError.self) { try Plan(graph, weights: weights) }
    #expect(throws: WriteError.self) { try weights.write(to: folder.file("b.weights")) }
    #expect(!folder.files.contains("b.weights"))
  }

  /// A signal that a thread blocks would end the process without asking the handler.
  @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1), arguments: [false, true])
  func `a file that is truncated reads as zeros on every thread`(inPool: Bool) throws {
    let folder = try TemporaryFolder()
    let graph = try graph("[convolutional]\nfilters=512\nsize=3\nactivation=linear")
    try Weights(seed: 1, for: graph).write(to: folder.file("a.weights"))
    let weights = try Weights(contentsOf: folder.file("a.weights"), for: graph)
    try #require(truncate(folder.file("a.weights"), 4096) == 0)
    let read = DispatchSemaphore(value: 0)
    let readAll: @Sendable () -> Void = {
      _ = weights.layout.entries.reduce(Float(0)) { $0 + weights.values($1.id).reduce(0, +) }
      read.signal()
    }
    if inPool {
      let caller = pthread_self()
      // The caller waits in its part until a helper has read.
      ThreadPool.shared.parallelFor(2, threads: 2) { _ in
        if pthread_equal(pthread_self(), caller) != 0 { read.wait() } else { readAll() }
      }
    } else {
      try #require(startThread(readAll))
      read.wait()
    }
    #expect(throws: WeightsError.self) { try weights.checkUnchanged() }
  }

  @Test func `a file that is written to in place is noticed, one that is replaced is not`() throws {
    let folder = try TemporaryFolder()
    let graph = try graph(Self.twoLayers)
    try Weights(seed: 1, for: graph).write(to: folder.file("a.weights"))
    let weights = try Weights(contentsOf: folder.file("a.weights"), for: graph)
    try Weights(seed: 2, for: graph).write(to: folder.file("a.weights"))
    try weights.checkUnchanged()
    let other = try Weights(contentsOf: folder.file("a.weights"), for: graph)
    let file = try #require(FileHandle(forWritingAtPath: folder.file("a.weights")))
    // A file system keeps times in steps of some milliseconds.
    usleep(50_000)
    try file.write(contentsOf: Data([0, 0, 0, 0]))
    #expect(throws: WeightsError.self) { try other.checkUnchanged() }
  }

  @Test(arguments: [0, 1, 15, 19])
  func `too few bytes for a header`(count: Int) throws {
    let start = Array(weightsFile(0).prefix(count))
    #expect(
      try message(start) == """
        net.weights: error: \(count) bytes are too few for the header of a weights file (16 or 20)
        help: this is not a Darknet weights file, or its download was cut off or is a web page
        """)
  }

  @Test func `something else than weights`() throws {
    #expect(
      try message(Array("<!DOCTYPE html><html>".utf8)) == """
        net.weights: error: this looks like a web page, a weights file was expected
        help: download the file itself, not the page that shows it
        """)
    #expect(
      try message([7, 7, 7, 0, 3, 0, 0, 0, 1, 0, 0, 0] + Array(repeating: 0, count: 20)) == """
        net.weights: error: the header says version 460551.3.1, which no program writes
        help: this is not a Darknet weights file, or its download was cut off or is a web page
        """)
  }

  @Test func `short by one byte`() throws {
    #expect(
      try message(Array(weightsFile(17).dropLast())) == """
        net.weights: error: the file ends at byte 87, in the weights of layer 1 [convolutional] \
        that start at byte 80; the cfg needs 88 bytes
        help: use the cfg the file was trained with; if it is the right one, the download was cut off
        """)
  }

  @Test func `one layer short`() throws {
    #expect(
      try message(weightsFile(14), Self.twoLayers + "\n[maxpool]\n[maxpool]") == """
        net.weights: error: the file ends at byte 76, before the biases of layer 1 [convolutional]; \
        the cfg needs 88 bytes
        help: the file holds layers 0 to 0 (.conv.1): 'penumbra train CFG DATA --from FILE' starts from \
        it, and commands that have --partial take it
        """)
  }

  @Test func `bytes left over`() throws {
    #expect(
      try message(weightsFile(17) + [0]) == """
        net.weights: error: 1 bytes are left over: the cfg needs 88 bytes, the file has 89
        help: use the cfg the file was trained with
        """)
  }

  @Test(arguments: [(2, 16, "1"), (1, 20, "2")] as [(Int32, Int, String)])
  func `a header of another version`(minor: Int32, bytes: Int, digit: String) throws {
    // The version says one length, and the file has the other.
    var file = weightsFile(17, header: WeightsHeader(minor: minor, seen: 64))
    if bytes == 16 {
      file.removeSubrange(16..<20)
    } else {
      file.insert(contentsOf: [0, 0, 0, 0], at: 16)
    }
    let text = try #require(try message(file))
    #expect(
      text.contains("the numbers fit after a header of \(bytes) bytes, but version 0.\(minor)"))
    #expect(text.contains("printf '\\\(digit)' | dd of=FILE bs=1 seek=4 conv=notrunc"))
    // The advice is true.
    file[4] = UInt8(digit) ?? 0
    let graph = try graph(Self.twoLayers)
    #expect(try weights(file, for: graph).header.seen == 64)
  }

  @Test func `a classifier of another width`() throws {
    #expect(
      try message(weightsFile(17 + 6)) == """
        net.weights: error: 24 bytes are left over: the cfg needs 88 bytes, the file has 112
        help: the file fits with filters=3 in layer 1 [convolutional]
        """)
  }

  // MARK: Detectors for other classes

  private func detector(classes: Int, head: String = "yolo", planes: Int = 5) -> String {
    """
    [convolutional]
    filters=4
    activation=leaky
    [convolutional]
    filters=\(2 * (classes + planes))
    activation=linear
    [\(head)]
    mask=0,1
    anchors=10,10, 20,20
    num=2
    classes=\(classes)
    [route]
    layers=0
    [convolutional]
    filters=\(2 * (classes + planes))
    activation=linear
    [\(head)]
    mask=0,1
    anchors=10,10, 20,20
    num=2
    classes=\(classes)
    """
  }

  @Test(arguments: [("yolo", 5, 80, 170), ("yolo", 5, 2, 14), ("Gaussian_yolo", 9, 80, 178)])
  func `a detector for other classes`(head: String, planes: Int, classes: Int, filters: Int) throws
  {
    let trained = try graph(detector(classes: classes, head: head, planes: planes))
    let file = weightsFile(WeightsLayout(trained).count)
    let text = try message(file, detector(classes: 1, head: head, planes: planes))
    #expect(
      text?.split(separator: "\n").last
        == "help: the file fits with classes=\(classes) (filters=\(filters) before each head)")
  }

  @Test func `a grid of other classes`() throws {
    func sections(_ classes: Int) -> String {
      """
      [connected]
      output=\(4 * (10 + classes))
      activation=linear
      [detection]
      side=2
      num=2
      coords=4
      classes=\(classes)
      """
    }
    let trained = try graph(sections(20))
    let file = weightsFile(WeightsLayout(trained).count)
    #expect(
      try message(file, sections(3))?.split(separator: "\n").last
        == "help: the file fits with classes=20 (filters=120 before each head)")
  }

  // MARK: Sizes out of reach

  @Test func `more weights than can be held`() throws {
    // Half the largest tensor each.
    let wide = "[connected]\noutput=16777216\nactivation=linear\n"
    let narrow = "[connected]\noutput=2048\nactivation=linear\n"
    let sections = String(repeating: wide + narrow, count: 2)
    #expect(
      try message(weightsFile(4), sections) == """
        net.weights: error: the cfg needs 425335996436 bytes of weights, more than can be held
        help: check 'filters', 'output' and the input size for a slip
        """)
  }
}
