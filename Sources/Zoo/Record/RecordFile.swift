public import Foundation
import PenumbraSupport

/// `zoo.json`. Networks that begin alike compute alike, because weights are numbered from the start:
/// so the file holds every section's text once, every layer (its section and its numbers) once, and
/// for each network the names of its layers.
extension ZooRecord {
  private static let version = 1
  private static let remedy = "make it again with 'penumbra zoo check FOLDER --update'"

  // MARK: Writing

  public var json: String {
    var sections = TextPool()
    var layers = TextPool()
    let networks = networks.sorted { $0.key < $1.key }.map { path, network in
      "    \(path.quoted): \(network.json(&sections, &layers))"
    }
    return """
      {
      "version": \(Self.version),
      "weights_seed": \(weightsSeed),
      "input_seed": \(inputSeed),
      "networks": {
      \(networks.joined(separator: ",\n"))
      },
      "layers": {
      \(layers.lines { $0 })
      },
      "sections": {
      \(sections.lines { $0.quoted })
      }
      }

      """
  }

  // MARK: Reading

  /// Whether a file that cannot be read as a record may be replaced by one: it is empty, or a JSON
  /// object with nothing in it but what records have.
  public static func mayReplace(_ data: Data) -> Bool {
    if data.allSatisfy({ $0 <= 0x20 }) { return true }
    guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
      return false
    }
    let own: Set = ["version", "weights_seed", "input_seed", "networks", "layers", "sections"]
    return own.isSuperset(of: object.keys)
  }

  /// - Parameter name: the file's name in errors.
  public init(json data: Data, name: String) throws(ZooError) {
    let stored: StoredRecord
    do throws(JSONProblem) {
      stored = try JSON.decode(StoredRecord.self, from: data)
    } catch {
      throw ZooError(
        file: name, problem: "this is not the record of a zoo: \(error.text)",
        help: Self.remedy)
    }
    guard stored.version == Self.version else {
      throw ZooError(
        file: name, problem: "the record has version \(stored.version), expected \(Self.version)",
        help:
          "use the penumbra that wrote it, or make it again with 'penumbra zoo check FOLDER --update'"
      )
    }
    self.init(weightsSeed: stored.weightsSeed, inputSeed: stored.inputSeed)
    for (path, network) in stored.networks {
      guard let record = network.record(of: stored) else {
        throw ZooError(
          file: name, problem: "the record of \(path) names layers that are not there",
          help: Self.remedy)
      }
      guard record.bflops.isFinite, record.speed.values.allSatisfy({ $0.isFinite && $0 > 0 }) else {
        throw ZooError(
          file: name,
          problem: "the record of \(path) has a cost or a speed that is no number above 0",
          help: Self.remedy)
      }
      networks[path] = record
    }
  }
}

extension TextPool {
  /// A line for each text.
  fileprivate func lines(_ value: (String) -> String) -> String {
    texts.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\(value($0.value))" }
      .joined(separator: ",\n")
  }
}

extension NetworkRecord {
  fileprivate func json(_ sections: inout TextPool, _ pool: inout TextPool) -> String {
    let lint = lint.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    let speed = speed.sorted { $0.key < $1.key }.map { "\($0.key.quoted): \($0.value)" }
    let names = layers.map { layer in
      let numbers = layer.output?.numbers.map { $0.map(\.shortText) ?? "null" } ?? []
      let section = "\"\(sections.name(of: layer.section.text))\""
      return pool.name(of: "[" + ([section] + numbers).joined(separator: ",") + "]")
    }
    let lines = stride(from: 0, to: names.count, by: 12).map { first in
      "\"" + names[first..<min(first + 12, names.count)].joined(separator: " ") + "\""
    }
    return """
      {
      "run": [\(runWidth), \(runHeight)],
      "parameters": \(parameters),
      "bflops": \(bflops),
      "lint": {\(lint.joined(separator: ", "))},
      "speed": {\(speed.joined(separator: ", "))},
      "net": "\(sections.name(of: net.text))",
      "layers": [
      \(lines.joined(separator: ",\n"))
      ]}
      """
  }
}

extension Double {
  /// Without a needless `.0`.
  fileprivate var shortText: String {
    self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)"
  }
}

extension String {
  /// As a JSON string.
  fileprivate var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
