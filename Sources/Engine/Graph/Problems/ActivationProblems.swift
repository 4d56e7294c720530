import PenumbraCfg
import PenumbraSupport

/// Mistakes in the choice of an activation.
extension Problem {
  static func missingActivation(_ section: String, fallback: String) -> Problem {
    Problem(
      .missingActivation, .warning,
      "[\(section)] has no 'activation'; Darknet takes \(fallback), not linear",
      help: "write activation=linear, or activation=\(fallback) if it is meant")
  }

  static func unknownActivation(_ name: String) -> Problem {
    let comment = name.firstIndex { $0 == "#" || $0 == ";" }.map { String(name[..<$0]) }
    let known = ActivationFunction.names
    let nearest = nearestName(to: comment ?? name, in: known)
    let remedy: String? =
      switch Synonym.activation(comment ?? name, in: known) {
      case .name(let name): "write activation=\(name), which is its name in a cfg"
      case .advice(let advice): advice
      case nil:
        comment == nil
          ? nearest.map { "did you mean '\($0)'?" }
          : "move the comment to a line of its own: activation=\(nearest ?? "relu")"
      }
    return Problem(
      .unknownActivation, .warning,
      "no activation is called '\(name.quotable)'; Darknet runs it as relu, and so does Penumbra",
      help: remedy ?? "known: \(known.joined(separator: ", "))")
  }

  static func zeroInDarknet(_ activation: String, _ section: String) -> Problem {
    Problem(
      .activationUnsupportedHere, .warning,
      "Darknet computes zeros for \(activation) in [\(section)]; here its formula is applied",
      help: "use another activation if the network is to run in Darknet")
  }

  /// - Parameter expected: what the head's arithmetic assumes.
  static func headActivation(_ head: String, expected: String, found: String, because: String)
    -> Problem
  {
    Problem(
      .headActivation, .warning,
      "activation=\(found) before [\(head)], expected \(expected): \(because)",
      help: "write activation=\(expected)")
  }
}
