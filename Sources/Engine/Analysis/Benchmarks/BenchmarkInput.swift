/// The same images before every run: a run may overwrite its input.
struct BenchmarkInput {
  private let pixels: [Float]

  /// Numbers from a seed.
  init(_ plan: Plan) {
    pixels = [Float](unsafeUninitializedCapacity: plan.graph.net.input.count) { buffer, count in
      Weights.fillInput(buffer, seed: 7920)
      count = buffer.count
    }
  }

  /// Fills every image of the batch; not to be timed.
  func fill(_ session: inout Session) {
    for image in 0..<session.plan.options.batch {
      session.withInput(image: image) { _ = $0.update(fromContentsOf: pixels) }
    }
  }
}
