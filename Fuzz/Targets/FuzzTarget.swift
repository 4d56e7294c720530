/// A reader that is fed bytes. It must return, or throw an error of the library; a trap, a signal, a
/// sanitizer's report, too much memory or too much time is a defect.
package struct FuzzTarget: Sendable {
  /// The name that `make fuzz TARGET=` takes, and of the folder in `Fuzz/Corpus`.
  package let name: String
  /// Words of the format, which the fuzzer inserts.
  package let dictionary: [String]
  /// Well-formed inputs to start from.
  package let seeds: @Sendable () -> [[UInt8]]
  /// Changes an input by the format's own structure; nil where the fuzzer's own changes are enough.
  package let mutate: (@Sendable ([UInt8], inout Choices) -> [UInt8])?
  /// Whether an input belongs to this target at all; those that do not are not kept.
  let accepts: @Sendable ([UInt8]) -> Bool
  let read: @Sendable ([UInt8]) throws -> Void

  init(
    _ name: String, dictionary: [String] = [],
    seeds: @autoclosure @escaping @Sendable () -> [[UInt8]],
    mutate: (@Sendable ([UInt8], inout Choices) -> [UInt8])? = nil,
    accepts: @escaping @Sendable ([UInt8]) -> Bool = { _ in true },
    read: @escaping @Sendable ([UInt8]) throws -> Void
  ) {
    (self.name, self.dictionary, self.seeds) = (name, dictionary, seeds)
    (self.mutate, self.accepts, self.read) = (mutate, accepts, read)
  }

  /// Feeds the reader.
  ///
  /// - Returns: false for an input of another format.
  package func run(_ bytes: [UInt8]) -> Bool {
    guard accepts(bytes) else { return false }
    do {
      try read(bytes)
    } catch {
      // The text of an error is made from the input too.
      _ = "\(error)"
    }
    return true
  }

  /// Every target, in the order in which `make fuzz` runs them.
  package static let all: [FuzzTarget] =
    [cfg, plainCfg, tree, classMap, weights] + images + [
      labels, list, names, dataFile, voc, coco, cocoTruth, cocoResults, trace, state, log, pack,
      calibration, zoo, benchmark, arguments,
    ]
}
