import ArgumentParser
import Foundation

/// Throws broken cfgs, weights files and pictures at the library. Every case must end in a result or
/// a thrown error; a trap, a signal, a hang or a sanitizer report is a bug.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "penumbra-fuzz",
    abstract: "Runs mutated cfgs, weights files and pictures through the library.",
    discussion: """
      Each case is made from the seed and its number alone, so that --seed S --first N --cases 1
      runs it again; --keep FILE writes down what it was fed.
      """)

  @Option(help: "How many cases are run.") var cases = 20_000
  @Option(help: "Fixes every case.") var seed: UInt64 = 1
  @Option(help: "The number of the first case.") var first = 0
  @Option(help: "One kind alone: cfg, weights or images.") var only: Kind?
  @Option(help: "A folder whose .cfg files are mutated.")
  var corpus = "Tests/EngineTests/Golden/layers"
  @Option(help: "Seconds after which a case counts as hanging.") var limit = 20
  @Option(help: "Write the input of each case here before it runs.") var keep: String?

  enum Kind: String, CaseIterable, ExpressibleByArgument { case cfg, weights, images }

  func run() throws {
    let corpus = Corpus(folder: corpus)
    let watch = Watch(limitSeconds: limit)
    var outcomes: [String: Int] = [:]
    for number in first..<first + cases {
      var random = Random(seed: seed, case: number)
      // Cfgs have the most to break.
      let kind = only ?? random.pick([Kind.cfg, .cfg, .weights, .images])
      watch.begin("case \(number) (\(kind.rawValue)): --seed \(seed) --first \(number) --cases 1")
      let target: any Target =
        switch kind {
        case .cfg: CfgTarget(&random, corpus)
        case .weights: WeightsTarget(&random)
        case .images: ImageTarget(&random)
        }
      if let keep { try Data(target.bytes).write(to: URL(fileURLWithPath: keep)) }
      let outcome = try target.run(&random)
      outcomes["\(kind.rawValue): \(outcome)", default: 0] += 1
      if (number - first) % 5000 == 4999 {
        FileHandle.standardError.write(Data("\(number - first + 1) cases\n".utf8))
      }
    }
    watch.end()
    for (outcome, count) in outcomes.sorted(by: { $0.key < $1.key }) {
      print("\(count)\t\(outcome)")
    }
    print("\(cases) cases of seed \(seed): no crash, no hang")
  }
}

/// What a case is fed to.
protocol Target {
  /// The broken file.
  var bytes: [UInt8] { get }
  /// Feeds it to the library.
  ///
  /// - Returns: how it ended, in a few words; errors of the library are an outcome like another.
  func run(_ random: inout Random) throws -> String
}
