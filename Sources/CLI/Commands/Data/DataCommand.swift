import ArgumentParser

/// `penumbra data`: what networks learn from.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Checks, describes, converts and makes data sets.",
    subcommands: [
      DataCheckCommand.self, DataStatsCommand.self, DataConvertCommand.self, DataSynth.self,
    ])
}
