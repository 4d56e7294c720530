/// The form of `zoo.json`, before names are replaced by what they name.
struct StoredRecord: Decodable {
  let version: Int
  let weightsSeed: UInt64
  let inputSeed: UInt64
  let networks: [String: Network]
  let layers: [String: Layer]
  let sections: [String: String]

  enum CodingKeys: String, CodingKey {
    case version, networks, layers, sections
    case weightsSeed = "weights_seed"
    case inputSeed = "input_seed"
  }

  struct Network: Decodable {
    let run: [Int]
    let parameters: Int
    let bflops: Double
    let lint: [String: Int]
    let speed: [String: Double]
    let net: String
    /// Names of layers, several in a string.
    let layers: [String]
  }

  /// A section's name, then the layer's numbers.
  struct Layer: Decodable {
    let section: String
    let numbers: [Double?]

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      section = try container.decode(String.self)
      var numbers: [Double?] = []
      while !container.isAtEnd {
        let number = try container.decodeNil() ? nil : container.decode(Double.self)
        numbers.append(number.flatMap { $0.isFinite ? $0 : nil })
      }
      self.numbers = numbers
    }
  }

  func section(_ name: String) -> SectionRecord? {
    sections[name].flatMap { SectionRecord(text: $0) }
  }

  func layer(_ name: some StringProtocol) -> NetworkRecord.LayerRecord? {
    guard let layer = layers[String(name)], let section = section(layer.section) else { return nil }
    return NetworkRecord.LayerRecord(
      section: section, output: OutputRecord(numbers: layer.numbers))
  }
}

extension StoredRecord.Network {
  /// Nil where a name is not there.
  func record(of file: StoredRecord) -> NetworkRecord? {
    let names = layers.flatMap { $0.split(separator: " ") }
    let records = names.compactMap { file.layer($0) }
    guard run.count == 2, let net = file.section(net), records.count == names.count else {
      return nil
    }
    return NetworkRecord(
      run: (run[0], run[1]), parameters: parameters, bflops: bflops, lint: lint, net: net,
      layers: records, speed: speed)
  }
}
