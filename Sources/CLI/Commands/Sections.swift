import ArgumentParser
import PenumbraCfg
import PenumbraEngine

/// `penumbra sections`: what a cfg may say.
struct Sections: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explains the sections of a cfg and their keys.",
    discussion: """
      EXAMPLE
        penumbra sections convolutional
      """)

  @Argument(help: "The section, without brackets; all are listed when it is left out.")
  var name: String?

  @Flag(help: "Print the tables of docs/sections.md.") var markdown = false

  func run() throws {
    if markdown {
      try ResultStream().write(SectionReference.markdown())
    } else if let name {
      try ResultStream().write(try explanation(of: name))
    } else {
      for spec in SectionReference.specs() {
        let names = spec.names.map { "[\($0)]" }.joined(separator: " ")
        let padding = String(repeating: " ", count: max(1, 28 - names.count))
        Output.line(names + padding + spec.summary)
      }
    }
  }

  private func explanation(of name: String) throws -> String {
    let bare = name.filter { $0 != "[" && $0 != "]" }
    if let text = SectionReference.text(of: bare) ?? SectionReference.refusal(of: bare) {
      return text
    }
    let nearest = SectionReference.nearest(to: bare).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("no section is called [\(bare)]\(nearest)")
  }
}
