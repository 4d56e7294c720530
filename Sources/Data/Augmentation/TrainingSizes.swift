public import PenumbraCfg
import PenumbraEngine

extension MultiScale {
  /// More sizes than this are not tried; the usual `random=1` and `resize_step=32` have about 10.
  private static let mostSizes = 256

  /// The sizes that iterations can have, each once, the smallest first.
  public var sizes: [(width: Int, height: Int)] {
    guard let most = largestFactor else { return [(width, height)] }
    var sizes: [(width: Int, height: Int)] = []
    for factor in factors(upTo: most) {
      let size = size(factor: factor)
      guard sizes.last.map({ $0 != size }) ?? true else { continue }
      sizes.append(size)
      if sizes.count == Self.mostSizes { break }
    }
    let largest = largest
    if sizes.last.map({ $0 != largest }) ?? true { sizes.append(largest) }
    return sizes
  }

  /// One factor between each two at which a side changes, and the ends.
  private func factors(upTo most: Double) -> [Double] {
    let range = 1 / most...most
    let changes = [width, height].flatMap { side -> [Double] in
      let unit = Double(step) / Double(side)
      let first = Int((range.lowerBound / unit).rounded(.down))
      return (0...Self.mostSizes).map { (Double(first + $0) - 0.5) * unit }
    }
    let bounds = [range.lowerBound] + changes.filter(range.contains).sorted() + [range.upperBound]
    let between = zip(bounds, bounds.dropFirst()).map { ($0 + $1) / 2 }
    return ([range.lowerBound] + between + [range.upperBound]).sorted()
  }

  /// What is wrong with the first size that the network cannot have; nil where it can have all.
  ///
  /// - Returns: a warning at `random` of the last head.
  public func misfit(of file: CfgFile) -> Diagnostic? {
    guard largestFactor != nil, let graph = try? Graph(file),
      let head = graph.heads.last.map({ graph.nodes[$0.layer].section }),
      let entry = head.entry("random")
    else { return nil }
    let parameters = graph.parameterCount
    for size in sizes {
      guard let reason = Self.reason(file, size, parameters) else { continue }
      let problem = Problem.sizeOfTraining(
        random: entry.value, size: size, reason: reason,
        step: fittingStep(file, parameters: parameters))
      return Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine)
    }
    return nil
  }

  /// Why the network cannot have a size.
  private static func reason(
    _ file: CfgFile, _ size: (width: Int, height: Int), _ parameters: Int
  ) -> String? {
    do throws(CfgError) {
      let graph = try Graph(file, size: size)
      return graph.parameterCount == parameters
        ? nil : "its weights are for another number of inputs"
    } catch {
      return error.diagnostics.first { $0.severity == .error }?.problem.message
    }
  }

  /// The least multiple of the step with which the network can have every size.
  private func fittingStep(_ file: CfgFile, parameters: Int) -> Int? {
    [2, 4, 8, 16].map { $0 * step }.first { step in
      var other = self
      other.step = step
      return other.sizes.allSatisfy { Self.reason(file, $0, parameters) == nil }
    }
  }
}

extension Problem {
  fileprivate static func sizeOfTraining(
    random: String, size: (width: Int, height: Int), reason: String, step: Int?
  ) -> Problem {
    Problem(
      .inputNotMultipleOfStride, .warning,
      "with random=\(random) the input becomes \(size.width)x\(size.height) in training, which the"
        + " network cannot have: \(reason)",
      help: (step.map { "write resize_step=\($0) in [net], or " } ?? "write ") + "random=0")
  }
}
