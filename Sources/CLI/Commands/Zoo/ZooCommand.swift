import ArgumentParser

/// `penumbra zoo`: a folder of cfgs, watched.
struct ZooCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zoo",
    abstract: "Watches a folder of cfgs: what they are, cost and compute, against a record.",
    subcommands: [ZooCheckCommand.self])
}
