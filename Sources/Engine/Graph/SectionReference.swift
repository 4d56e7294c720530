public import PenumbraCfg

/// What the registry knows of its sections, as a document.
///
/// `docs/sections.md` is this text after a hand-written introduction; a test compares them.
public enum SectionReference {
  /// Where the generated part of a document begins.
  public static let marker = "<!-- From here on: penumbra sections --markdown. -->"

  /// The tables of every section, of the keys that all layers take, and of what is refused.
  public static func markdown(_ registry: LayerRegistry = .builtin) -> String {
    var text = marker + "\n\n## Sections\n\n"
    text += contents(registry)
    for spec in specs(registry) { text += "\n" + markdown(spec) }
    text += "\n### Keys of every layer\n\nThey stand in any section but `[net]`.\n\n"
    text += table(LayerOptions.keys)
    text += "\n## Sections that are recognised and refused\n\n"
    text += "| section | why | instead |\n|---|---|---|\n"
    for refusal in UnsupportedSections.all {
      let names = refusal.names.map { "`[\($0)]`" }.joined(separator: " ")
      text += "| \(names) | \(escaped(refusal.reason)) | \(escaped(refusal.help)) |\n"
    }
    text += "\n## Activations\n\n"
    text += ActivationFunction.names.map { "`\($0)`" }.joined(separator: " ") + "\n"
    text +=
      "\n## Diagnostics\n\nWhat `penumbra lint` says, by code.\n\n| code | meaning |\n|---|---|\n"
    for code in Problem.Code.allCases { text += "| `\(code.rawValue)` | \(code.summary) |\n" }
    return text
  }

  /// `[net]`, then the layers in the registry's order.
  public static func specs(_ registry: LayerRegistry = .builtin) -> [SectionSpec] {
    [NetSection.spec] + registry.layers.map { $0.spec }
  }

  /// One section for a terminal; nil when the registry does not know it.
  public static func text(of name: String, _ registry: LayerRegistry = .builtin) -> String? {
    guard let spec = specs(registry).first(where: { $0.names.contains(name) }) else { return nil }
    var text = title(spec) + "\n  " + spec.summary + "\n"
    let isLayer = spec.name != NetSection.spec.name
    for purpose in [KeyPurpose.inference, .training, .ignored] {
      let keys = (spec.keys + (isLayer ? LayerOptions.keys : [])).filter { $0.purpose == purpose }
      if !keys.isEmpty { text += "\n\(heading(purpose))\n" }
      for key in keys { text += plain(key) }
    }
    return text
  }

  /// Why a section is refused, and what to do instead; nil for any other name.
  public static func refusal(of name: String) -> String? {
    UnsupportedSections.refusal(of: name).map {
      "[\(name)]\n  Not supported: \($0.reason).\n  Instead: \($0.help).\n"
    }
  }

  /// The known section that a misspelt name may stand for.
  public static func nearest(to name: String, _ registry: LayerRegistry = .builtin) -> String? {
    let known = specs(registry).flatMap(\.names) + UnsupportedSections.names
    if case .name(let name) = Synonym.section(name, in: known) { return name }
    return nearestName(to: name, in: known)
  }

  // MARK: Markdown

  private static func contents(_ registry: LayerRegistry) -> String {
    var text = "| section | what it does |\n|---|---|\n"
    for spec in specs(registry) {
      let anchor = spec.name.lowercased()
      text += "| [`[\(spec.name)]`](#\(anchor)) | \(escaped(spec.summary)) |\n"
    }
    return text
  }

  private static func markdown(_ spec: SectionSpec) -> String {
    var text = "### \(spec.name)\n\n"
    if !spec.aliases.isEmpty {
      let names = spec.aliases.map { "`[\($0)]`" }.joined(separator: ", ")
      text += "Also written \(names). "
    }
    text += spec.summary + "\n\n"
    return text + (spec.keys.isEmpty ? "No keys of its own.\n" : table(spec.keys))
  }

  private static func table(_ keys: [any KeyDescription]) -> String {
    var text = "| key | type | default | allowed | for | meaning | Darknet's quirk |\n"
    text += "|---|---|---|---|---|---|---|\n"
    for key in keys {
      let cells = [
        "`\(key.name)`", key.typeName, key.defaultText, key.allowedText, key.purpose.rawValue,
        key.meaning, key.quirk,
      ]
      text += "| " + cells.map(escaped).joined(separator: " | ") + " |\n"
    }
    return text
  }

  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }

  // MARK: Terminal

  private static func title(_ spec: SectionSpec) -> String {
    spec.names.map { "[\($0)]" }.joined(separator: " or ")
  }

  private static func heading(_ purpose: KeyPurpose) -> String {
    switch purpose {
    case .inference: "Keys"
    case .training: "Keys of training"
    case .ignored: "Keys that nobody reads"
    }
  }

  private static func plain(_ key: any KeyDescription) -> String {
    let isRequired = key.defaultText.hasPrefix("required")
    let fallback = isRequired ? key.defaultText : "default \(key.defaultText)"
    let allowed = key.allowedText.isEmpty ? "" : ", " + key.allowedText
    var text = "  \(key.name): \(key.typeName)\(allowed); \(fallback)\n"
    text += "      \(key.meaning)\n"
    if !key.quirk.isEmpty { text += "      Darknet: \(key.quirk)\n" }
    return text
  }
}
