import Penumbra
import TestSupport
import Testing

/// A cfg whose `[net]` has the given input and whose sections follow.
func cfg(_ shape: Shape, _ sections: String) -> String {
  """
  [net]
  width=\(shape.width)
  height=\(shape.height)
  channels=\(shape.channels)
  \(sections)

  """
}

/// The backends, for tests whose expectation holds for each.
let everyBackend: [any Backend] = [ReferenceBackend(), BlasBackend(), BlockedBackend()]

/// Runs a network on both backends and expects the last layer's output.
func expectResult(
  _ network: TestNetwork, _ input: [Float], _ expected: [Float],
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws {
  for backend in everyBackend {
    let got = try network.result(input, backend: backend)
    #expect(
      worstError(got, expected) <= 1, "\(backend.name) computes \(got), expected \(expected)",
      sourceLocation: sourceLocation)
  }
}

/// The numbers from 0 on.
func counting(_ count: Int) -> [Float] { (0..<count).map(Float.init) }
