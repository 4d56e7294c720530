import PenumbraSupport

/// Mistakes in the choice and order of sections.
extension Problem {
  /// - Parameters:
  ///   - netLine: where a [net] stands further down.
  ///   - isMisspelt: whether the name found is nearly [net].
  public static func firstSectionNotNet(_ found: String, netLine: Int?, isMisspelt: Bool) -> Problem
  {
    let start = "start the file with [net] and the input's width, height and channels"
    return Problem(
      .firstSectionNotNet, .error, "the first section is [\(found.quotable)], expected [net]",
      help: netLine.map { "move [net] from line \($0) to the top" }
        ?? (isMisspelt ? "write [net]; names are case-sensitive" : start))
  }

  public static let secondNet = Problem(
    .secondNet, .error, "a second [net]; a file describes one network",
    help: "merge its keys into the first section")

  public static let noLayers = Problem(
    .noLayers, .error, "the network has no layers", help: "add a section, such as [convolutional]")

  /// - Parameter known: the sections that there are.
  public static func unknownSection(_ name: String, known: [String]) -> Problem {
    let help =
      switch Synonym.section(name, in: known) {
      case .name(let name): "write [\(name)], which is its name in a cfg"
      case .advice(let advice): advice
      case nil:
        nearestName(to: name, in: known).map { "did you mean [\($0)]?" }
          ?? "'penumbra sections' lists those there are"
      }
    return Problem(
      .unknownSection, .error, "no section is called [\(name.quotable)]", help: help)
  }

  public static func unsupportedSection(_ name: String, because reason: String, help: String)
    -> Problem
  {
    Problem(.unsupportedSection, .error, "[\(name)] is not supported: \(reason)", help: help)
  }

  /// A section that was given up without a report: a mistake of the layer, never of the file.
  public static func notUnderstood(_ name: String) -> Problem {
    Problem(
      .unsupportedSection, .error,
      "[\(name.quotable)] was not understood, and its layer does not say why",
      help: "this is a mistake of the layer's code, not of the file: report it with the file")
  }
}
