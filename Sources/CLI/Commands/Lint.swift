import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraSupport
import PenumbraTraining

/// `penumbra lint`: what is wrong with a cfg.
struct Lint: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks cfg files and explains every mistake.",
    discussion: """
      Errors keep a network from running; warnings mean that it probably does not do what its
      author believes, or that training would refuse it; notes say where Penumbra and a Darknet
      part, or what was rounded.

      --json prints one object: files[], diagnostics[] of {file, line, column, length, severity,
      code, message, help}, and counts {errors, warnings, notes}. Lines and columns count from 1,
      columns in Unicode scalars. docs/sections.md lists the codes. --format sarif prints a log of
      SARIF 2.1.0.

      EXAMPLE
        penumbra lint cfg/ --strict

      EXIT STATUS
        0 no errors, 65 errors, 66 a path was not found.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text, json, sarif
  }

  @Argument(help: "cfg files, folders searched for *.cfg, or - for standard input.")
  var paths: [String]

  @OptionGroup var cfgs: CfgOptions
  @Flag(help: "Count warnings as errors.") var strict = false
  @Option(help: "How to print: text, json or sarif.") var format: Format?
  @Flag(help: "The same as --format json.") var json = false
  @Flag(name: .customLong("no-notes"), help: "Leave notes out.") var hidesNotes = false
  @Option(help: "Check with this width of the network's input in place of the cfg's.")
  var width: Int?
  @Option(help: "Check with this height of the network's input in place of the cfg's.")
  var height: Int?

  func validate() throws {
    guard !paths.isEmpty else { throw ValidationError("name a cfg file or a folder") }
    guard (width == nil) == (height == nil) else {
      throw ValidationError("give both --width and --height, or neither")
    }
    for (name, value) in [("--width", width), ("--height", height)] {
      if let value, !(1...65536).contains(value) {
        throw ValidationError("\(name) is \(value), expected 1 to 65536")
      }
    }
    if json, let format, format != .json {
      throw ValidationError("--json and --format \(format.rawValue) contradict each other")
    }
  }

  func run() throws {
    let sources = CfgSources(paths, cfgs)
    var files: [String] = []
    var diagnostics: [Diagnostic] = []
    var missing = sources.missing
    for path in sources.files {
      do throws(FileError) {
        let file = try CfgSources.read(path, cfgs)
        files.append(file.name)
        diagnostics += check(file)
      } catch {
        missing.append(error)
      }
    }
    try print(diagnostics, files)
    for error in missing { standardError("\(error)") }
    let counts = DiagnosticCounts(diagnostics)
    standardError("\(files.count) file\(files.count == 1 ? "" : "s"): \(counts)")
    if missing.contains(where: { $0.reason == .notFound }) {
      throw ExitCode(Failure.Status.notFound.rawValue)
    }
    if counts.errors > 0 || !missing.isEmpty {
      throw ExitCode(Failure.Status.badData.rawValue)
    }
  }

  private func check(_ file: CfgFile) -> [Diagnostic] {
    let size = width.flatMap { width in height.map { (width, $0) } }
    let check = Graph.check(file, size: size)
    var found = check.diagnostics
    if let graph = check.graph {
      found += useProblems(graph, file)
      found += trainingProblems(graph, file, besides: found)
    }
    return found.inLineOrder().compactMap { diagnostic in
      if hidesNotes, diagnostic.severity == .note { return nil }
      // A cfg is as right without the files that it names as with them.
      let isCompanion = diagnostic.problem.code == .unreadableFile
      let severity = isCompanion ? min(diagnostic.severity, .warning) : diagnostic.severity
      return diagnostic.with(strict && severity == .warning ? .error : severity)
    }
  }

  /// What does not keep the network from running, but from seeing pictures or from being trained.
  private func useProblems(_ graph: Graph, _ file: CfgFile) -> [Diagnostic] {
    let head = graph.heads.last.map { graph.nodes[$0.layer].section }
    let sizes = try? file.sections.first.map { try MultiScale(net: $0, head: head, seed: 1) }
    return [graph.pictureProblem(in: file), sizes?.misfit(of: file)].compactMap { $0 }
  }

  /// As warnings what training alone would refuse, where nothing like it was said of that line.
  private func trainingProblems(
    _ graph: Graph, _ file: CfgFile, besides known: [Diagnostic]
  ) -> [Diagnostic] {
    struct Place: Hashable {
      let line: Int
      let code: Problem.Code
      init(_ diagnostic: Diagnostic) {
        (line, code) = (diagnostic.location.line, diagnostic.problem.code)
      }
    }
    let places = Set(known.map(Place.init))
    return TrainingCheck.diagnostics(file, graph).filter { !places.contains(Place($0)) }
      .map { $0.with(.warning) }
  }

  private func print(_ diagnostics: [Diagnostic], _ files: [String]) throws {
    switch json ? .json : format ?? .text {
    case .text:
      let text = DiagnosticText(isColored: Terminal.showsColor(on: STDOUT_FILENO))
      // Its colours are for a terminal to obey; what it quotes is printable.
      for text in text.texts(of: diagnostics) { StandardOutput.line(text) }
    case .json:
      try Output.object(DiagnosticReport(files: files, diagnostics: diagnostics))
    case .sarif:
      let version = Entry.configuration.version
      try Output.object(SarifLog(diagnostics, toolVersion: version))
    }
  }
}

/// The cfg files that arguments name.
struct CfgSources {
  private(set) var files: [String] = []
  private(set) var missing: [FileError] = []

  init(_ paths: [String], _ options: CfgOptions) {
    for path in paths {
      if isFolder(path) == true { add(folder: path, options) } else { files.append(path) }
    }
  }

  private mutating func add(folder: String, _ options: CfgOptions) {
    let found = ContainedFiles(
      below: folder, suffix: ".cfg", allowsOutside: options.allowsOutside)
    missing += found.refused
    noteOutside(found.outside, remedy: "; give --allow-outside for a folder that you trust")
    if found.names.isEmpty, found.refused.isEmpty {
      missing.append(FileError(folder + "/*.cfg", .notFound))
    }
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    files += found.names.map { prefix + $0 }
  }

  /// Reads a file, or standard input where the path is `-`.
  static func read(_ path: String, _ options: CfgOptions) throws(FileError) -> CfgFile {
    options.file(bytes: try bytes(path), name: path == "-" ? "<stdin>" : path)
  }

  /// The bytes of a file, or of standard input where the path is `-`.
  static func bytes(_ path: String) throws(FileError) -> [UInt8] {
    path == "-"
      ? try readStandardInput(limit: CfgFile.largestFile)
      : try readFile(path, limit: CfgFile.largestFile)
  }
}

/// What the terminal at the other end understands.
enum Terminal {
  /// Colour only for people who did not ask for none; see no-color.org.
  static func showsColor(on descriptor: Int32) -> Bool {
    let environment = ProcessInfo.processInfo.environment
    let refuses = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return isatty(descriptor) == 1 && !refuses
  }
}
