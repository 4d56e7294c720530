import PenumbraSupport

/// Why a run cannot go on from a state file.
public struct StateError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notFound
    /// It does not begin like one, or ends early.
    case notAState
    /// A checksum does not agree.
    case damaged(part: String)
    case newerFormat(Int)
    /// A value that no run can have written.
    case implausible(String)
    /// A buffer holds numbers that are not finite, or variances below 0.
    case broken(String)
    /// The numbers of another network: how many it holds, and how many the cfg needs.
    case otherNetwork(found: Int, expected: Int)
    /// It lacks numbers that the run needs, such as Adam's second moments.
    case lacks(String)
    case otherBatch(found: Int, expected: Int)
    case otherSeed(found: UInt64, expected: UInt64)
  }

  public let file: String
  public let reason: Reason

  public init(_ file: String, _ reason: Reason) {
    (self.file, self.reason) = (file, reason)
  }
}

extension StateError: CustomStringConvertible {
  public var description: String { "\(file.shownPath): error: \(problem)\nhelp: \(remedy)" }

  private var problem: String {
    switch reason {
    case .notFound: "there is no such file, so there is no run to resume"
    case .notAState: "this is no state of a training run"
    case .damaged(let part): "the file is damaged: its \(part) do not agree with their checksum"
    case .implausible(let what): "the file is damaged: \(what)"
    case .broken(let name):
      "the file is damaged: its \(name) are not finite numbers, or have variances below 0"
    case .newerFormat(let format): "the file has format \(format), which is newer than this program"
    case .otherNetwork(let found, let expected):
      "the state holds \(found) parameters, the cfg has \(expected)"
    case .lacks(let name): "the state has no \(name), which the cfg now asks for"
    case .otherBatch(let found, let expected):
      "the run had batch=\(found), now it is \(expected); iterations would mean other images"
    case .otherSeed(let found, let expected): "the run had the seed \(found), not \(expected)"
    }
  }

  private var remedy: String {
    switch reason {
    case .notFound: "leave out --resume to start again, or name the run's folder with --output"
    case .notAState, .damaged, .newerFormat, .implausible, .broken:
      "start from weights of the run in another folder: --from WEIGHTS --output FOLDER instead of"
        + " --resume"
    case .otherNetwork, .lacks:
      "resume with the cfg of the run, or start from its weights: --from NAME_last.weights"
    case .otherBatch(let found, _): "give --batch \(found), or --from NAME_last.weights"
    case .otherSeed: "leave out --seed: a resumed run keeps its own"
    }
  }
}
