/// The files that a run reads, which none of its results may replace.
///
/// Two paths are one file when the system says so: through links, other spellings and second names.
/// Of files that are not there the folder and the name count. An output by a descriptor, such as
/// `/dev/stdout`, is the file that is open there.
package struct ProtectedInputs: Sendable {
  private var inputs: [(path: String, role: String)] = []
  /// What the first of the inputs are called, by what they are.
  private var known: [FileIdentity: String] = [:]
  private var knownCount = 0
  /// The first of the inputs by their names without folders.
  private var named: [String: [(path: String, role: String)]] = [:]
  private var namedCount = 0

  package init() {}

  /// - Parameter role: what the file is to the run, such as `the weights file`.
  package mutating func add(_ path: String, as role: String) {
    inputs.append((path, role))
  }

  /// - Throws: `WriteError` where the output is one of the inputs.
  package mutating func check(_ output: String) throws(WriteError) {
    // What cannot be written is refused, with the reason, by whoever writes it.
    guard let target = try? OutputTarget(output) else { return }
    if let role = role(of: target) { throw WriteError(output, .isInput(role)) }
  }

  private mutating func role(of target: OutputTarget) -> String? {
    switch target {
    // An output that is not there is none of the inputs that are: the system is not asked about them.
    case .file(let end, let earlier):
      earlier.map { knownRole(of: $0.identity) } ?? roleOfMissing(end)
    case .descriptor(let number):
      FileStatus(descriptor: number).flatMap { status in
        status.kind == .regular ? knownRole(of: status.identity) : nil
      }
    case .stream: nil
    }
  }

  private mutating func knownRole(of identity: FileIdentity) -> String? {
    for (path, role) in inputs[knownCount...] {
      guard let status = FileStatus(path), status.kind == .regular else { continue }
      known[status.identity] = known[status.identity] ?? role
    }
    knownCount = inputs.count
    return known[identity]
  }

  private mutating func roleOfMissing(_ path: String) -> String? {
    for input in inputs[namedCount...] { named[input.path.fileName, default: []].append(input) }
    namedCount = inputs.count
    var home: FileIdentity?
    for (input, role) in named[path.fileName] ?? [] {
      home = home ?? FileStatus(path.folderName)?.identity
      if let home, FileStatus(input.folderName)?.identity == home { return role }
    }
    return nil
  }
}
