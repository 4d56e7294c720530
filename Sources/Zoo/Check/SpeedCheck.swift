public import PenumbraCfg
import PenumbraCompute
public import PenumbraEngine

/// Times networks in units of a matrix product, so that a record of one machine says something about
/// another: how long one image takes on one thread, at the cfg's own size.
public struct SpeedCheck {
  private let backends: [any Backend]
  private let yardstick: Yardstick

  public init(_ backends: [any Backend]) throws {
    self.backends = backends
    yardstick = try Yardstick()
  }

  /// Times a network against its record.
  ///
  /// - Parameter slower: how much slower than recorded is allowed, as a share.
  public func check(
    _ file: CfgFile, against record: NetworkRecord, slower: Double, _ report: inout NetworkReport
  ) {
    do {
      for (name, ratio) in try ratios(file).sorted(by: { $0.key < $1.key }) {
        guard let recorded = record.speed[name] else { continue }
        if !report.checks.contains(.speed) { report.checks.append(.speed) }
        let slowdown = ratio / recorded - 1
        report.slowdown = max(report.slowdown ?? slowdown, slowdown)
        guard slowdown > slower else { continue }
        let percent = Int((100 * slowdown).rounded())
        report.differences.append(
          Difference(
            .speed, key: "speed", found: "\(ratio)", expected: "\(recorded)", backend: name,
            "on \(name) it takes \(Float(ratio)) matrix products, the record has"
              + " \(Float(recorded)): \(percent)% slower"))
      }
    } catch {
      report.differences.append(Difference(.speed, "it cannot be timed: \(error)"))
    }
  }

  /// By backend: time of one image over time of the product, the least of each.
  public func ratios(_ file: CfgFile) throws -> [String: Double] {
    let graph = try Graph(file)
    let weights = try Weights(seed: 1, for: graph)
    var ratios: [String: Double] = [:]
    for backend in backends {
      let plan = try Plan(
        graph, weights: weights, options: PlanOptions(backend: backend, threads: 1))
      let timer = try NetworkTimer(plan)
      var product = Double.infinity
      Turns(seconds: 0.3, warmUps: 1).run([timer]) { _ in
        product = min(product, yardstick.milliseconds())
      }
      let ratio = timer.timing.minimum / product
      ratios[backend.name] = (ratio * 1000).rounded() / 1000
    }
    return ratios
  }
}

/// A product of matrices that fit into any second-level cache.
private final class Yardstick {
  private static let side = 160
  private let a: AlignedBuffer<Float>
  private let b: AlignedBuffer<Float>
  private let c: AlignedBuffer<Float>
  private let gemm: Gemm

  init() throws {
    let count = Self.side * Self.side
    a = try AlignedBuffer(count: count)
    b = try AlignedBuffer(count: count)
    c = try AlignedBuffer(count: count)
    gemm = try .loaded()
    Weights.fillInput(a.buffer, seed: 1)
    Weights.fillInput(b.buffer, seed: 2)
  }

  /// The least of a few products.
  func milliseconds() -> Double {
    let side = Self.side
    return (0..<16).reduce(.infinity) { least, _ in
      let start = ContinuousClock.now
      gemm(
        m: side, n: side, k: side, a.baseAddress, lda: side, b.baseAddress, ldb: side,
        c.baseAddress, ldc: side)
      return min(least, (ContinuousClock.now - start) / .milliseconds(1))
    }
  }
}
