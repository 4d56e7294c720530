import ArgumentParser
import PenumbraEngine

/// How much memory faster convolutions may take: shared by every command that plans a network.
struct WinogradOptions: ParsableArguments {
  @Option(
    name: .customLong("winograd-memory"),
    help: """
      What the blocked backend may take for weights transformed for Winograd convolutions, such as \
      256M; 0 for none, which is slower; 96M by default.
      """)
  var budget: ByteCount?

  /// - Throws: a usage error where none of the backends would heed the option.
  func validate(for backends: [String]) throws {
    guard budget != nil, !backends.contains(where: { Backends.named($0) is BlockedBackend }) else {
      return
    }
    throw ValidationError("--winograd-memory is for --backend blocked")
  }

  /// The backend of this name, with the budget where it has one.
  func backend(named name: String) -> (any Backend)? {
    let backend = Backends.named(name)
    guard let budget, backend is BlockedBackend else { return backend }
    return BlockedBackend(winogradBudget: budget.bytes)
  }
}
