import PenumbraEngine

extension ParameterBuffer {
  /// The numbers of one tensor.
  func tensor(_ id: ParameterID) -> UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: pointer(id), count: layout[id].parameter.count)
  }

  /// A copy of each tensor by layer and role, such as `0.weights`.
  var copies: [String: [Float]] {
    Dictionary(
      uniqueKeysWithValues: layout.entries.map {
        ("\($0.id.layer).\($0.parameter.role.rawValue)", Array(tensor($0.id)))
      })
  }
}
