import PenumbraTraining
import Testing

/// Rates worked out by hand from Darknet's formulas.
struct LearningRateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let policy: LearningRate.Policy
    let expected: [(iteration: Int, rate: Double)]
    var burnIn = 0
    var power = 4.0
    var testDescription: String { "\(policy)" }
  }

  @Test(arguments: [
    Case(policy: .constant, expected: [(1, 0.001), (1_000_000, 0.001)]),
    Case(
      policy: .constant, expected: [(1, 1e-15), (500, 6.25e-5), (999, 0.000996006), (1000, 0.001)],
      burnIn: 1000),
    Case(policy: .constant, expected: [(500, 0.0005)], burnIn: 1000, power: 1),
    Case(
      policy: .step(every: 100, scale: 0.5),
      expected: [(99, 0.001), (100, 0.0005), (199, 0.0005), (200, 0.00025)]),
    Case(
      policy: .steps([.init(400, 0.1), .init(450, 0.1)]),
      expected: [(399, 0.001), (400, 1e-4), (449, 1e-4), (450, 1e-5), (900, 1e-5)]),
    // The first step that is not reached ends the list, whatever comes behind it.
    Case(policy: .steps([.init(400, 0.1), .init(100, 0.5)]), expected: [(200, 0.001)]),
    // Steps that are past before the first iteration scale from the start.
    Case(
      policy: .steps([.init(-1, 0.1), .init(3, 10), .init(5, 0.1)]),
      expected: [(1, 1e-4), (2, 1e-4), (3, 0.001), (5, 1e-4)]),
    Case(policy: .steps([.init(0, 0.5), .init(1, 0.5)]), expected: [(1, 0.00025)]),
    // During burn-in no step counts.
    Case(policy: .steps([.init(1, 0.1)]), expected: [(5, 6.25e-5), (10, 1e-4)], burnIn: 10),
    Case(policy: .exponential(base: 0.99), expected: [(1, 0.00099), (100, 0.000366032)]),
    Case(policy: .polynomial(length: 100), expected: [(50, 6.25e-5), (100, 0), (120, 0)]),
    Case(policy: .polynomial(length: 100), expected: [(50, 0.0005)], power: 1),
    Case(
      policy: .sigmoid(steepness: 0.1, middle: 100),
      expected: [(100, 0.0005), (110, 0.000268941), (90, 0.000731059)]),
    Case(
      policy: .cosine(minimum: 1e-5, cycle: 100, growth: 2),
      expected: [(50, 0.000505), (100, 1e-5), (101, 0.000999939), (200, 0.000505), (300, 1e-5)]),
    Case(
      policy: .cosine(minimum: 0, cycle: 10, growth: 1),
      expected: [(5, 0.0005), (10, 0), (15, 0.0005), (1_000_000_015, 0.0005)]),
  ])
  func `follows the formulas of the policies`(_ c: Case) {
    let schedule = LearningRate(base: 0.001, policy: c.policy, burnIn: c.burnIn, power: c.power)
    for (iteration, expected) in c.expected {
      let rate = Double(schedule.rate(iteration: iteration))
      #expect(abs(rate - expected) <= 1e-5 * expected + 1e-11, "iteration \(iteration): \(rate)")
    }
  }

  @Test func `draws random rates that the seed and the iteration alone decide`() {
    let schedule = LearningRate(base: 0.1, policy: .random(seed: 3), power: 1)
    let rates = (1...200).map { schedule.rate(iteration: $0) }
    #expect(rates == (1...200).map { schedule.rate(iteration: $0) })
    #expect(rates.allSatisfy { (0..<0.1).contains($0) })
    #expect(abs(rates.reduce(0, +) / 200 - 0.05) < 0.01)
    let other = LearningRate(base: 0.1, policy: .random(seed: 4), power: 1)
    #expect(other.rate(iteration: 1) != rates[0])
  }
}
