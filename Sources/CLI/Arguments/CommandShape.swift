import ArgumentParser
import Foundation
import PenumbraCfg

/// The commands with their options as the argument parser describes them.
///
/// The description costs milliseconds, so it is made only for command lines that look wrong.
struct CommandShape: Decodable {
  struct Argument: Decodable {
    struct Name: Decodable {
      let kind: String
      let name: String

      /// The option as it is typed.
      var typed: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: String
    let names: [Name]?
    let shouldDisplay: Bool?

    var takesValue: Bool { kind == "option" }
  }

  let commandName: String
  let aliases: [String]?
  let shouldDisplay: Bool?
  let subcommands: [CommandShape]?
  let arguments: [Argument]?

  private struct Tool: Decodable { let command: CommandShape }

  /// - Returns: nil if the argument parser describes itself in another form.
  init?(of root: any ParsableCommand.Type) {
    guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(root._dumpHelp().utf8)) else {
      return nil
    }
    self = tool.command
  }

  /// The command that the words name, and how many of them do.
  func resolve(_ words: ArraySlice<String>) -> (command: CommandShape, depth: Int) {
    guard let word = words.first, let next = subcommand(word) else { return (self, 0) }
    let (command, depth) = next.resolve(words.dropFirst())
    return (command, depth + 1)
  }

  private func subcommand(_ name: String) -> CommandShape? {
    subcommands?.first { $0.commandName == name || $0.aliases?.contains(name) == true }
  }

  private var options: [Argument] { (arguments ?? []).filter { $0.kind != "positional" } }

  private func option(_ typed: String) -> Argument? {
    options.first { ($0.names ?? []).contains { $0.typed == typed } }
  }

  /// The first argument that looks like an option and is none of this command.
  func unknownOption(in arguments: ArraySlice<String>) -> String? {
    var rest = arguments
    while let argument = rest.popFirst(), argument != "--" {
      guard argument.isOptionArgument else { continue }
      let name = String(argument.prefix { $0 != "=" })
      if let option = option(name) {
        // A value that looks like an option is checked itself: the parser does not take it either.
        if option.takesValue, name == argument, rest.first?.isOptionArgument == false {
          rest.removeFirst()
        }
      } else if !isShortWithValue(argument) {
        return name
      }
    }
    return nil
  }

  /// Whether the argument is a short option with its value attached: -t3.
  private func isShortWithValue(_ argument: String) -> Bool {
    guard !argument.hasPrefix("--"), option(String(argument.prefix(2)))?.takesValue == true else {
      return false
    }
    return String(argument.dropFirst(2)).isNumberArgument
  }

  /// The option of this command that a misspelt one most likely stands for.
  func nearestOption(to name: String) -> String? {
    let known = options.filter { $0.shouldDisplay != false }
      .flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
    return nearestName(to: String(name.drop { $0 == "-" }), in: known).map { "--" + $0 }
  }
}
