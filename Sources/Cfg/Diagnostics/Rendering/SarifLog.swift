import PenumbraSupport

/// Diagnostics in the Static Analysis Results Interchange Format, which code hosts show beside lines.
///
/// Source: OASIS SARIF 2.1.0, sections 3.13 (log), 3.14 (run), 3.27 (result), 3.30 (region).
public struct SarifLog: Encodable, Sendable {
  private let schema = "https://json.schemastore.org/sarif-2.1.0.json"
  private let version = "2.1.0"
  private let runs: [Run]

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  /// - Parameter toolVersion: the version of the program that looked.
  public init(_ diagnostics: [Diagnostic], toolVersion: String) {
    runs = [Run(diagnostics, toolVersion: toolVersion)]
  }

  private struct Run: Encodable, Sendable {
    let tool: Tool
    /// A column counts Unicode scalars, as `SourceLocation` does.
    let columnKind = "unicodeCodePoints"
    let results: [Result]

    init(_ diagnostics: [Diagnostic], toolVersion: String) {
      tool = Tool(driver: Driver(version: toolVersion))
      results = diagnostics.map(Result.init)
    }
  }

  private struct Tool: Encodable, Sendable {
    let driver: Driver
  }

  private struct Driver: Encodable, Sendable {
    let name = "penumbra"
    let version: String
    let rules = Problem.Code.allCases.map(Rule.init)
  }

  private struct Rule: Encodable, Sendable {
    let id: String
    let shortDescription: Message

    init(_ code: Problem.Code) {
      id = code.rawValue
      shortDescription = Message(text: code.summary)
    }
  }

  private struct Message: Encodable, Sendable {
    let text: String
  }

  private struct Result: Encodable, Sendable {
    let ruleId: String
    let ruleIndex: Int
    let level: String
    let message: Message
    let locations: [Location]

    init(_ diagnostic: Diagnostic) {
      let problem = diagnostic.problem
      ruleId = problem.code.rawValue
      ruleIndex = Problem.Code.allCases.firstIndex(of: problem.code) ?? -1
      level = diagnostic.severity.rawValue
      message = Message(
        text: problem.message + "." + (problem.help.map { "\nHelp: \($0)." } ?? ""))
      locations = [Location(diagnostic.location)]
    }
  }

  private struct Location: Encodable, Sendable {
    let physicalLocation: PhysicalLocation

    init(_ location: SourceLocation) {
      physicalLocation = PhysicalLocation(
        artifactLocation: ArtifactLocation(uri: uri(ofPath: location.file)),
        region: Region(
          startLine: location.line, startColumn: location.column,
          endColumn: location.column + location.length))
    }
  }

  private struct PhysicalLocation: Encodable, Sendable {
    let artifactLocation: ArtifactLocation
    let region: Region
  }

  private struct ArtifactLocation: Encodable, Sendable {
    let uri: String
  }

  /// The end column is the first one that is not part of the region.
  private struct Region: Encodable, Sendable {
    let startLine: Int
    let startColumn: Int
    let endColumn: Int
  }
}

/// A path as a URI reference: relative paths stay so, absolute ones get the scheme `file`.
private func uri(ofPath path: String) -> String {
  var text = path.hasPrefix("/") ? "file://" : ""
  for byte in path.systemBytes {
    let scalar = Unicode.Scalar(byte)
    let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || (48...57).contains(byte))
    if isPlain || "/-._~".unicodeScalars.contains(scalar) {
      text.unicodeScalars.append(scalar)
    } else {
      let digits = String(byte, radix: 16, uppercase: true)
      text += "%" + (digits.count == 1 ? "0" : "") + digits
    }
  }
  return text
}
