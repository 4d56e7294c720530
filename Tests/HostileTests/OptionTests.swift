import Foundation
import TestSupport
import Testing

/// Every option of every command with values that no option has.
struct OptionTests {
  /// A command with its options, as `--experimental-dump-help` describes them.
  struct Command: Decodable, Sendable, CustomTestStringConvertible {
    struct Argument: Decodable, Sendable {
      struct Name: Decodable, Sendable {
        let kind: String
        let name: String
      }

      let kind: String
      let names: [Name]?
      let isRepeating: Bool?
    }

    let commandName: String
    let subcommands: [Command]?
    let arguments: [Argument]?
    var path: [String]?

    var testDescription: String { (path ?? []).joined(separator: " ") }

    /// The commands below this one that have no commands themselves.
    func leaves(below path: [String] = []) -> [Command] {
      guard let subcommands, !subcommands.isEmpty else {
        var leaf = self
        leaf.path = path
        return [leaf]
      }
      return subcommands.flatMap { $0.leaves(below: path + [$0.commandName]) }
    }

    /// Files that are not there for everything that it must be given.
    var files: [String] {
      (arguments ?? []).filter { $0.kind == "positional" }.map { _ in "nothing" }
    }

    /// The options that take a value, as they are typed.
    var options: [String] {
      (arguments ?? []).filter { $0.kind == "option" }.compactMap { $0.names?.first }
        // Every text is the name of a folder.
        .filter { $0.name != "output" }
        .map { ($0.kind == "long" ? "--" : "-") + $0.name }
    }
  }

  private struct Tool: Decodable { let command: Command }

  static let commands: [Command] = {
    guard let help = try? penumbra("--experimental-dump-help").stdout,
      let tool = try? JSONDecoder().decode(Tool.self, from: Data(help.utf8))
    else { return [] }
    return tool.command.leaves().filter { $0.path?.first != "help" }
  }()

  static let values = [
    "", "-5", "0", "nan", "-inf", "1e999", "99999999999999999999999", "\u{1B}[31m\n\u{202E}",
    String(repeating: "9", count: 5000), "0x10", " 1", "1,", "--",
  ]

  @Test func `the commands are known`() {
    #expect(Self.commands.count >= 20)
    #expect(Self.commands.allSatisfy { !$0.options.isEmpty || $0.path == ["sections"] })
  }

  @Test(arguments: commands.indices)
  func `a value that no option has is an error with a message`(index: Int) throws {
    let command = Self.commands[index]
    let folder = try TemporaryFolder()
    for (number, option) in command.options.enumerated() {
      // Each command meets some values with each option, all commands together every value.
      for turn in 0..<3 {
        let value = Self.values[(number + 5 * turn + 3 * index) % Self.values.count]
        let arguments = (command.path ?? []) + command.files + [option, value]
        let result = try penumbra(arguments, in: folder.path)
        #expect([64, 65, 66, 73].contains(result.exitCode), "\(arguments): \(result.stderr)")
        #expect(!result.stderr.isEmpty, "\(arguments)")
        #expect(!result.stderr.contains("\u{1B}") && !result.stderr.contains("\u{202E}"))
      }
      let attached = try penumbra(
        (command.path ?? []) + command.files + ["\(option)=x", "\(option)"], in: folder.path)
      #expect([64, 65, 66].contains(attached.exitCode), "\(option): \(attached.stderr)")
    }
  }

  @Test(arguments: commands.indices)
  func `an unknown option is an error that names it`(index: Int) throws {
    let command = Self.commands[index]
    for option in ["-threadz", "--no-such-option", "-no_such_option"] {
      let result = try penumbra((command.path ?? []) + command.files + [option])
      #expect(result.exitCode == 64)
      #expect(result.stderr.contains("has no option '\(option)'"), "\(result.stderr)")
    }
  }
}
