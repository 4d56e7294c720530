import ArgumentParser

/// `penumbra data`: data sets.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Makes data sets.",
    subcommands: [DataSynth.self])
}
