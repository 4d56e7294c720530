import PenumbraCompute
import Testing

struct SplitMixTests {
  /// Raw outputs of SplitMix64 for seed 1234567, published with the algorithm.
  @Test(arguments: [
    (0, 6_457_827_717_110_365_317 as UInt64), (1, 3_203_168_211_198_807_973),
    (2, 9_817_491_932_198_370_423), (3, 4_593_380_528_125_082_431),
    (4, 16_408_922_859_458_223_821),
  ])
  func `follows the published sequence`(k: Int, output: UInt64) {
    #expect(SplitMix(seed: 1_234_567).u(k) == Double(output >> 40) / 16_777_216)
  }

  @Test func `fills an array with consecutive numbers`() {
    let source = SplitMix(seed: 42)
    #expect(source.floats(3, from: 5) == [source.u(5), source.u(6), source.u(7)].map(Float.init))
  }
}
