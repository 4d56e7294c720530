import ArgumentParser
import PenumbraEngine
import PenumbraSupport

/// Whether packed weights are kept from one start to the next.
struct PackCacheOptions: ParsableArguments {
  @Flag(
    name: .customLong("pack-cache"),
    help: "Keep weights as kernels take them in NAME.weights.packed, to start faster next time.")
  var isBesideWeights = false

  @Option(
    name: .customLong("pack-cache-dir"), help: "The same, in this folder.",
    completion: .directory)
  var folder: String?

  func validate() throws {
    if isBesideWeights, folder != nil {
      throw ValidationError("give --pack-cache or --pack-cache-dir, not both")
    }
  }

  var location: PackCacheLocation? {
    folder.map { .folder($0) } ?? (isBesideWeights ? .besideWeights : nil)
  }

  /// Says on stderr what a user should know.
  static func report(_ plan: Plan) {
    switch plan.packCacheOutcome {
    case .written(let path, .isDamaged), .written(let path, .isUnreadable):
      standardError(
        "warning: \(path.shownPath) was damaged or unreadable; it has been written anew")
    case .unwritable(let path, let why):
      standardError("warning: \(path.shownPath): packed weights could not be kept: \(why)")
    default: break
    }
  }
}
