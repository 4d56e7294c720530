import ArgumentParser
import PenumbraCfg
import PenumbraSupport

/// What the argument parser is given, and what it would explain badly or take for something else.
enum ArgumentCheck {
  /// The arguments for the parser, in its spelling.
  ///
  /// - Throws: `UsageError` for a command that is not here, and for an unknown option with one dash:
  ///   the parser reads `-threads` as `-t -h …` and shows its help.
  static func prepared(
    _ given: [String], for root: any ParsableCommand.Type
  ) throws -> [String] {
    try checkEmpty(given)
    let arguments = joiningNegativeValues(given)
    try checkCommand(arguments, root)
    let spelled = try DarknetFlags.spelled(arguments)
    let options = spelled.prefix { $0 != "--" }
    let isSuspect = options.contains {
      $0.isOptionArgument && !$0.hasPrefix("--") && $0.unicodeScalars.count > 2
    }
    if isSuspect, let error = unknownOption(spelled, root) { throw error }
    return spelled
  }

  /// No command has a use for an empty argument, and as a path it would mean the current folder.
  private static func checkEmpty(_ given: [String]) throws {
    for (index, argument) in given.enumerated() {
      let isOption = argument.hasPrefix("--") && argument.hasSuffix("=")
      guard argument.isEmpty || argument == "@" || isOption else { continue }
      let before = index > 0 && given[index - 1].isOptionArgument ? given[index - 1] : nil
      let option = isOption ? String(argument.dropLast()) : before
      throw UsageError(
        option.map { "the value of \($0.quotable) is empty" } ?? "argument \(index + 1) is empty",
        help: "write a path or value; a variable of the shell may not be set")
    }
  }

  /// What is wrong with arguments that the parser refused, where the parser's own text would be worse.
  static func explanation(
    _ arguments: [String], for root: any ParsableCommand.Type
  ) -> UsageError? {
    unknownOption(arguments, root)
  }

  /// A value below zero is taken for an option unless it is attached.
  private static func joiningNegativeValues(_ given: [String]) -> [String] {
    var arguments: [String] = []
    for (index, argument) in given.enumerated() {
      if argument == "--" { return arguments + given[index...] }
      if let last = arguments.last, argument.hasPrefix("-"), argument.isNumberArgument,
        last.isOptionArgument, !last.contains("=")
      {
        arguments[arguments.count - 1] = last + "=" + argument
      } else {
        arguments.append(argument)
      }
    }
    return arguments
  }

  private static func unknownOption(
    _ arguments: [String], _ root: any ParsableCommand.Type
  ) -> UsageError? {
    guard let shape = CommandShape(of: root) else { return nil }
    let (command, depth) = shape.resolve(arguments[...])
    guard let option = command.unknownOption(in: arguments.dropFirst(depth)) else { return nil }
    let line = (["penumbra"] + arguments.prefix(depth)).joined(separator: " ")
    let help = command.nearestOption(to: option).map { "did you mean \($0)?" }
    return UsageError(
      "\(line) has no option '\(option.quotable)'",
      help: help ?? "'\(line) --help' lists its options; after -- a name may begin with a dash")
  }

  // MARK: Commands

  private static func checkCommand(
    _ arguments: [String], _ root: any ParsableCommand.Type
  ) throws {
    var (command, path) = (root, ["penumbra"])
    for (index, word) in arguments.enumerated() {
      let known = command.configuration.subcommands
      guard !known.isEmpty, !word.hasPrefix("-") else { return }
      // What follows "help" is a command, too.
      if word == "help" { continue }
      guard let next = known.first(where: { $0.names.contains(word) }) else {
        throw unknownCommand(path, Array(arguments[index...]), known)
      }
      command = next
      path.append(word)
    }
  }

  private static func unknownCommand(
    _ path: [String], _ words: [String], _ known: [any ParsableCommand.Type]
  ) -> UsageError {
    let group = path.dropFirst().joined(separator: " ")
    let typed = (path + words.prefix(1)).joined(separator: " ").quotable
    if let pointer = DarknetPointers.pointer(group: group, words) {
      return UsageError("there is no command '\(typed)'", help: pointer)
    }
    let names = known.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
    if group.isEmpty, let advice = adviceForFile(words) {
      return UsageError("'\(words[0].quotable)' is a file, a command was expected", help: advice)
    }
    let line = path.joined(separator: " ")
    return UsageError(
      "there is no command '\(typed)'",
      help: nearestName(to: words[0], in: names).map { "did you mean '\(line) \($0)'?" }
        ?? "the commands of \(line) are \(names.joined(separator: ", "))")
  }

  /// What to type for a file that was given in a command's place.
  private static func adviceForFile(_ words: [String]) -> String? {
    guard isFolder(words[0]) != nil else { return nil }
    let files = words.filter { isFolder($0) != nil }
    let line = files.map(\.shellQuoted).joined(separator: " ")
    guard isFolder(words[0]) == false else { return "for cfgs: penumbra lint \(line)" }
    switch FileKind(ofFile: words[0]) {
    case .cfg?:
      return files.count > 2
        ? "for objects: penumbra detect \(line)"
        : "penumbra lint \(words[0].shellQuoted) says what is wrong with a cfg, penumbra inspect"
          + " what it costs"
    case .data?: return "penumbra data check \(words[0].shellQuoted) says what is wrong with it"
    case .weights?: return "penumbra weights CFG \(words[0].shellQuoted) says what is in it"
    case .picture?: return "penumbra detect CFG WEIGHTS \(line) finds objects in pictures"
    default: return "'penumbra help' lists the commands"
    }
  }
}

extension ParsableCommand {
  /// The names that call the command.
  fileprivate static var names: [String] { [_commandName] + configuration.aliases }
}
