extension UnsafeBufferPointer<Float> {
  /// Whether all numbers are finite: a sum of their zeros is NaN otherwise.
  package var areFinite: Bool {
    var sums = SIMD16<Float>(repeating: 0)
    let whole = count / 16 * 16
    let base = UnsafeRawPointer(baseAddress ?? UnsafePointer(bitPattern: 64)!)
    for offset in stride(from: 0, to: whole, by: 16) {
      sums += base.loadUnaligned(fromByteOffset: 4 * offset, as: SIMD16<Float>.self) * 0
    }
    return sums.sum() == 0 && self[whole...].allSatisfy(\.isFinite)
  }
}

extension WeightsLayout.Entry {
  /// Whether a network can compute with these numbers of the tensor.
  package func isSound(_ values: UnsafeBufferPointer<Float>) -> Bool {
    values.areFinite && (parameter.role != .rollingVariance || values.allSatisfy { $0 >= 0 })
  }

  package func broken(_ origin: String) -> WeightsError {
    WeightsError(
      origin,
      .brokenNumbers(layer: id.layer, section: section, tensor: parameter.role.rawValue))
  }
}

extension ParameterBuffer {
  /// Whether a network can compute with all the numbers.
  package var isSound: Bool {
    layout.entries.allSatisfy { $0.isSound(UnsafeBufferPointer(tensor($0.id))) }
  }
}

extension Weights {
  /// Reads all the numbers, and lets go of a file's pages again.
  ///
  /// - Throws: `WeightsError` for the first tensor with numbers that are not finite, or variances
  ///   below 0.
  package func checkNumbers() throws(WeightsError) {
    for entry in layout.entries {
      guard entry.isSound(values(entry.id)) else { throw entry.broken(origin) }
      release(layer: entry.id.layer)
    }
  }
}
