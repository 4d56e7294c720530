import PenumbraCLI

/// The `penumbra` command.
@main
enum Main {
  static func main() { Command.main() }
}
