import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// The library's boxes against those of the second reading: the same, to the last bit.
struct SecondReadingTests {
  /// A box for one class, in pixels.
  private struct Found: Hashable {
    let classIndex: Int
    let confidence: Float
    let objectness: Float
    let box: Box
  }

  private static func expected(_ reading: SecondReading) -> [Found] {
    let (w, h) = (Float(reading.imageWidth), Float(reading.imageHeight))
    return reading.boxes().flatMap { det in
      det.prob.enumerated().filter { $0.element > 0 }.map { k, probability in
        Found(
          classIndex: k, confidence: probability, objectness: det.objectness,
          box: Box(x: det.x * w, y: det.y * h, width: det.w * w, height: det.h * h))
      }
    }
  }

  /// In the order of the array, a box's classes ascending.
  private static func inOrder(_ found: [Detection]) -> [Found] {
    found.sorted { ($0.order ?? -1, $0.classIndex) < ($1.order ?? -1, $1.classIndex) }.map {
      Found(
        classIndex: $0.classIndex, confidence: $0.confidence, objectness: $0.objectness,
        box: $0.box)
    }
  }

  private static func options(_ reading: SecondReading, _ graph: Graph) -> DetectionOptions {
    DetectionOptions(
      threshold: reading.thresh, overlap: reading.nms,
      suppression: reading.nmsKind.flatMap(Suppression.Kind.init(rawValue:)).map {
        Suppression(kind: $0, beta: graph.suppression.beta)
      })
  }

  /// Eleven hundred and more networks twice: every value of a key meets every one of another often.
  @Test(arguments: 0..<24)
  func `decodes, maps and suppresses as the second reading`(group: Int) throws {
    for number in 0..<100 {
      let random = RandomHeads(seed: UInt64(1000 * group + number))
      let reading = random.reading
      let graph = try Graph(CfgFile(text: random.cfg, name: "test.cfg"))
      let heads = graph.heads
      #expect(
        heads.map { graph.nodes[$0.layer].layer.output.count } == reading.heads.map(\.output.count))
      let fit = ImageFit(
        imageWidth: reading.imageWidth, imageHeight: reading.imageHeight,
        network: graph.net.input, isLetterboxed: reading.letter)
      let found = try graph.detections(fit: fit, options: Self.options(reading, graph)) {
        layer, body throws(DetectionError) in
        let place = heads.firstIndex { $0.layer == layer } ?? 0
        var failure: DetectionError?
        reading.heads[place].output.withUnsafeBufferPointer { values in
          do throws(DetectionError) { try body(values) } catch { failure = error }
        }
        if let failure { throw failure }
      }
      let expected = Self.expected(reading)
      let got = Self.inOrder(found)
      guard got != expected else { continue }
      Issue.record(
        "case \(group), \(number): \(got.count) boxes, expected \(expected.count); \(random.cfg)")
      return
    }
  }

  /// Whole networks, from the picture on, several pictures at a time.
  @Test(arguments: 0..<10)
  func `finds in pictures what the second reading finds`(group: Int) throws {
    for number in 0..<10 {
      var random = RandomHeads(seed: UInt64(50_000 + 100 * group + number))
      var reading = random.reading
      reading.thresh = random.generator.pick([0, 0.1, 0.25])
      let network = try TestNetwork(random.cfg, seed: UInt64(number))
      let graph = network.graph
      let batch = random.generator.int(1...3)
      var session = try Session(
        Plan(graph, weights: network.weights, options: PlanOptions(batch: batch)))
      var readings: [SecondReading] = []
      var fits: [ImageFit] = []
      for index in 0..<batch {
        let (width, height) = (random.generator.int(1...90), random.generator.int(1...90))
        let pixels = (0..<width * height).map { _ in
          Float.random(in: 0...1, using: &random.generator)
        }
        let preset = random.generator.pick(Preset.allCases)
        let preprocessing = graph.preprocessing(preset: preset)
        (reading.imageWidth, reading.imageHeight) = (width, height)
        reading.letter = preset == .pjreddie || random.cfg.contains("letter_box=1")
        fits.append(
          try session.load(
            Image(width: width, height: height, channels: 1, pixels: pixels), preprocessing,
            at: index))
        let input = SecondPicture(width: width, height: height, pixels: pixels)
          .fitted(reading.netWidth, reading.netHeight, letter: reading.letter)
        let loaded = session.withInput(image: index) { Array($0) }
        #expect(zip(loaded, input.pixels).allSatisfy { abs($0 - $1) < 1e-5 })
        readings.append(reading)
      }
      session.run(images: batch)
      for (index, fit) in fits.enumerated() {
        for (place, head) in graph.heads.enumerated() {
          session.withOutput(layer: head.layer, image: index) {
            readings[index].heads[place].output = Array($0)
          }
        }
        let found = try session.detections(
          image: index, fit: fit, options: Self.options(readings[index], graph))
        let expected = Self.expected(readings[index])
        #expect(Self.inOrder(found) == expected, "\(random.cfg)")
      }
    }
  }
}
