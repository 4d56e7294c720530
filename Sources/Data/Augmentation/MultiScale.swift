public import PenumbraCfg
import PenumbraCompute

/// The changing sizes of multi-scale training: a function of the seed and the iteration.
///
/// Every ten iterations a factor between 1 and `random`, or its inverse, is drawn; both sides become
/// the multiple of the step above. The first ten iterations and the last hundred have the largest
/// size, which shows at once whether the memory suffices; Darknet's own for a `random` below 1 is
/// its smallest.
///
/// - Source: Darknet `detector.c` (`train_detector`).
public struct MultiScale: Hashable, Sendable {
  public let width, height: Int
  /// `random` of the last head, with Darknet's 1.4 for 1; nil where the size stays.
  private let random: Double?
  /// Both sides are multiples of it.
  public internal(set) var step: Int
  /// Iterations of the whole training; 0 where nobody knows.
  public let maxBatches: Int
  public let seed: UInt64

  /// The `random` that a cfg may have besides 0: beyond, sizes vanish or explode.
  private static let factors = 0.1...10

  /// - Precondition: sizes and step are positive, `random` is 0 or 0.1 to 10.
  public init(
    width: Int, height: Int, random: Double, step: Int = 32, maxBatches: Int = 0, seed: UInt64
  ) {
    precondition(width > 0 && height > 0 && step > 0, "sizes are positive")
    precondition(random == 0 || Self.factors.contains(random), "a factor of 0.1 to 10")
    (self.width, self.height, self.step) = (width, height, step)
    self.random = random == 0 ? nil : random == 1 ? 1.4 : random
    self.maxBatches = maxBatches
    self.seed = seed
  }

  /// What a cfg says.
  ///
  /// - Parameter head: the last detection head; nil for a classifier, whose size stays.
  public init(net: CfgFile.Section, head: CfgFile.Section?, seed: UInt64) throws(CfgError) {
    var keys = NumberReader(net)
    let width = keys.int("width", 416, in: 1...65536)
    let height = keys.int("height", 416, in: 1...65536)
    let step = keys.int("resize_step", 32, in: 1...65536)
    let maxBatches = keys.int("max_batches", 0, in: 0...1_000_000_000)
    var heads = head.map(NumberReader.init)
    let random = heads?.random(Self.factors) ?? 0
    try keys.check(with: heads)
    self.init(
      width: width, height: height, random: random, step: step, maxBatches: maxBatches, seed: seed)
  }

  /// What sides are multiplied by at most; nil where the size stays.
  public var largestFactor: Double? { random.map { max($0, 1 / $0) } }

  /// The largest size that an iteration can have.
  public var largest: (width: Int, height: Int) {
    guard let largestFactor else { return (width, height) }
    return (rounded(width, largestFactor), rounded(height, largestFactor))
  }

  /// The size of the input in an iteration, from 0.
  public func size(iteration: Int) -> (width: Int, height: Int) {
    guard let random else { return (width, height) }
    let isLast = maxBatches > 0 && iteration >= maxBatches - 100
    if iteration < 10 || isLast { return largest }
    var dice = Dice(seed: seed, number: iteration / 10, part: 0x5CA1E)
    return size(factor: dice.factor(random))
  }

  /// The size that a factor gives.
  func size(factor: Double) -> (width: Int, height: Int) {
    func side(_ first: Int) -> Int {
      let side = rounded(first, factor)
      return max(factor < 1 && side > first ? first : side, step)
    }
    return (side(width), side(height))
  }

  private func rounded(_ side: Int, _ factor: Double) -> Int {
    Int((factor * Double(side) / Double(step) + 1).rounded()) * step
  }
}

extension NumberReader {
  /// `random`, which is off at 0.
  fileprivate mutating func random(_ factors: ClosedRange<Double>) -> Double {
    number(
      "random", 0, in: 0...factors.upperBound,
      expected: "0, or \(cfgNumber(factors.lowerBound)) to \(cfgNumber(factors.upperBound))"
    ) { $0 == 0 || factors.contains($0) }
  }
}
