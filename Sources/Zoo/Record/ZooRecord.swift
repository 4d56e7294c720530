import PenumbraSupport

/// What the networks of a folder are and compute, as it was when somebody last said that it is right.
public struct ZooRecord: Hashable, Sendable {
  /// Weights and inputs are made by the rule of the golden cases.
  public var weightsSeed: UInt64
  public var inputSeed: UInt64
  /// By path below the folder.
  public var networks: [String: NetworkRecord]

  /// The name under which a folder holds its record.
  public static let fileName = "zoo.json"

  public init(
    weightsSeed: UInt64 = 1, inputSeed: UInt64 = 7920, networks: [String: NetworkRecord] = [:]
  ) {
    self.weightsSeed = weightsSeed
    self.inputSeed = inputSeed
    self.networks = networks
  }
}

/// A record that cannot be read.
public struct ZooError: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let problem: String
  public let help: String

  public var description: String { "\(file.shownPath): error: \(problem)\nhelp: \(help)" }
}
