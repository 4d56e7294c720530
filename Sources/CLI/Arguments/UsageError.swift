/// A command line that cannot be run: what is wrong with it, and what to type.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ what: String, help: String? = nil) {
    description = "error: \(what)" + (help.map { "\nhelp: \($0)" } ?? "")
  }
}
