import PenumbraData
import PenumbraEngine
import PenumbraImaging
import Synchronization
import TestSupport
import Testing

/// Examples that hold their own number; some fail.
private struct Numbers: ExampleSource {
  struct Failure: Error, Equatable { let number: Int }
  var failing: Set<Int> = []

  func example(_ number: Int, width: Int, height: Int) throws -> Example {
    if failing.contains(number) { throw Failure(number: number) }
    return Example(
      image: Image(width: width, height: height, channels: 1, filledWith: Float(number)))
  }
}

struct LoaderTests {
  @Test(arguments: [0, 1, 3])
  func `batches come in order from any start`(threads: Int) throws {
    let loader = BatchLoader(Numbers(), first: 5, batch: 4, threads: threads, width: 2, height: 3)
    for batch in 0..<20 {
      #expect(loader.nextNumber == 5 + 4 * batch)
      let numbers = try loader.next().map { Int($0.image.pixels[0]) }
      #expect(numbers == Array(5 + 4 * batch..<9 + 4 * batch))
    }
  }

  @Test func `a batch has the size asked for by its first number`() throws {
    let loader = BatchLoader(Numbers(), first: 6, batch: 3, threads: 2) { number in
      (number, number + 1)
    }
    for first in [6, 9, 12] {
      for example in try loader.next() {
        #expect(example.image.width == first && example.image.height == first + 1)
      }
    }
  }

  @Test(arguments: [0, 2])
  func `an error comes with its own batch, and stays`(threads: Int) throws {
    let loader = BatchLoader(
      Numbers(failing: [9, 11]), batch: 4, threads: threads, width: 1, height: 1)
    #expect(try loader.next().count == 4)
    #expect(try loader.next().count == 4)
    #expect(throws: Numbers.Failure(number: 9)) { try loader.next() }
    #expect(throws: Numbers.Failure(number: 9)) { try loader.next() }
  }

  @Test func `augmented examples do not depend on threads`() throws {
    let folder = try TemporaryFolder()
    var augmentation = Augmentation()
    (augmentation.mix, augmentation.hue, augmentation.blur) = (.mosaic, 0.1, 1)
    let data = try whiteRectangles(folder)
    let runs = try [0, 1, 4].map { threads in
      let source = AugmentedDetections(data, augmentation, seed: 8)
      let loader = BatchLoader(source, first: 3, batch: 5, threads: threads, width: 48, height: 48)
      return try (0..<4).flatMap { _ in try loader.next() }
    }
    for run in runs.dropFirst() {
      #expect(zip(run, runs[0]).allSatisfy { $0.image == $1.image && $0.boxes == $1.boxes })
    }
  }

  @Test func `works ahead no further than it may`() throws {
    let asked = Mutex(0)
    struct Counting: ExampleSource {
      let count: @Sendable () -> Void
      func example(_ number: Int, width: Int, height: Int) throws -> Example {
        count()
        return Example(image: Image(width: 1, height: 1, channels: 1, filledWith: 0))
      }
    }
    let most = Mutex(0)
    let loader = BatchLoader(
      Counting {
        asked.withLock { asked in
          asked += 1
          most.withLock { $0 = max($0, asked) }
        }
      }, batch: 2, threads: 2, ahead: 1, width: 1, height: 1)
    for batch in 1...10 {
      _ = try loader.next()
      // Two batches beyond those taken before this call.
      #expect(asked.withLock { $0 } <= 2 * batch + 4)
    }
  }
}

struct PictureStoreTests {
  @Test func `pictures that cannot be read are told once, in the order they came to light`() throws
  {
    let folder = try TemporaryFolder()
    let good = try whiteRectangles(folder).items[0]
    let broken = try (0..<3).map { number in
      DetectionDataSet.Item(image: try folder.write([1, 2], to: "broken\(number).png"), boxes: [])
    }
    let source = FittedDetections(
      DetectionDataSet(items: [broken[0], good, broken[1], good, broken[2]], classNames: ["a"]))
    func show(_ numbers: Int...) throws -> [String] {
      for number in numbers { _ = try source.example(number, width: 8, height: 8) }
      return source.pictures.takeFaults().map(\.file)
    }
    #expect(try show(4, 1) == [broken[2], broken[0]].map(\.image))
    #expect(try show(0, 4) == [])
    #expect(try show(2) == [broken[1].image])
    #expect(source.pictures.faults.map(\.file) == [2, 0, 1].map { broken[$0].image })
  }
}

struct FittedDetectionsTests {
  @Test(arguments: [false, true])
  func `pictures are fitted as in use, with their boxes`(letterBox: Bool) throws {
    let folder = try TemporaryFolder()
    let data = try whiteRectangles(folder)
    let preprocessing = Preprocessing.detector(.alexeyab, letterBox: letterBox)
    let source = FittedDetections(data, preprocessing)
    for number in 0..<4 {
      let example = try source.example(number, width: 96, height: 96)
      #expect(
        example.image
          == (try prepare(
            Image(contentsOf: data.items[number].image), width: 96, height: 96, channels: 3,
            preprocessing)))
      #expect(Enclosure(example.image, example.boxes, brighterThan: 0.6).slack < 2.5)
    }
    let shuffled = FittedDetections(data, preprocessing, shuffleSeed: 3)
    let classes = try (0..<8).map {
      try shuffled.example($0, width: 8, height: 8).boxes[0].classIndex
    }
    #expect(classes[..<4].sorted() == [0, 1, 2, 3] && classes[..<4] != classes[4...])
  }
}
