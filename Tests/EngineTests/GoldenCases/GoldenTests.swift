import Penumbra
import Testing

/// What Darknet computes, as `Golden/README.md` describes it.
@Suite(.serialized)
struct GoldenTests {
  @Test(arguments: GoldenCase.layers, GoldenCase.Run.all)
  func `computes every value of a small network as Darknet does`(
    golden: GoldenCase, run: GoldenCase.Run
  ) throws {
    let expected = try golden.expected().trace
    let graph = try Graph(CfgFile(contentsOf: golden.folder + "/net.cfg"))
    let weights = try Weights(contentsOf: golden.folder + "/net.weights", for: graph)
    let input = try golden.floats("input.f32")
    try golden.with(run) {
      try golden.compare(
        graph, weights, run, expected, values: golden.floats("outputs.f32")
      ) { session in
        session.withInput { _ = $0.update(fromContentsOf: input) }
        return .whole(graph.net.input)
      }
    }
  }

  @Test func `there are cases to compare`() {
    #expect(GoldenCase.layers.count >= 80)
  }

  @Test(arguments: GoldenCase.zoo, GoldenCase.Run.all)
  func `computes published networks as Darknet does`(
    golden: GoldenCase, run: GoldenCase.Run
  ) throws {
    let expected = try golden.expected()
    let graph = try Graph(
      CfgFile(contentsOf: golden.folder + "/net.cfg"),
      size: (expected.trace.width, expected.trace.height))
    #expect(graph.parameterCount == expected.trace.weightsFloats)
    let weights = try Weights(seed: expected.weightsSeed, for: graph)
    try golden.with(run) {
      try golden.compare(graph, weights, run, expected.trace) { session in
        session.withInput { Weights.fillInput($0, seed: expected.inputSeed) }
        return .whole(graph.net.input)
      }
    }
  }

  @Test(arguments: GoldenCase.real, GoldenCase.Run.all)
  func `finds on a photograph what Darknet finds`(golden: GoldenCase, run: GoldenCase.Run) throws {
    let family = golden.family
    let graph = try Graph(CfgFile(contentsOf: "\(family.folder)/\(family.name).cfg"))
    let weights = try Weights(contentsOf: "\(family.folder)/\(family.name).weights", for: graph)
    let isLetterboxed = golden.name.hasSuffix("-letterbox")
    let photograph = golden.name.split(separator: "-")[0]
    let image = try Image(
      contentsOf: "\(GoldenCase.photographs)/\(photograph).jpg",
      options: DecodingOptions(channels: graph.net.input.channels, orientation: .ignore))
    let expected = try golden.expected().trace
    #expect(expected.detections?.letterbox == (isLetterboxed ? 1 : 0))
    try golden.with(run) {
      try golden.compare(graph, weights, run, expected) { session in
        let preset: Preset = isLetterboxed ? .pjreddie : .alexeyab
        return try session.load(image, session.preprocessing(preset: preset))
      }
    }
  }
}

extension ImageFit {
  /// No fitting: the input is the image.
  static func whole(_ shape: Shape) -> ImageFit {
    ImageFit(
      imageWidth: shape.width, imageHeight: shape.height, network: shape, isLetterboxed: false)
  }
}
