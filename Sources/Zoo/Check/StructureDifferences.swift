import PenumbraCfg

/// What a cfg says against what was recorded of it.
struct StructureDifferences {
  private(set) var found: [Difference] = []
  /// Whether layers are the same in number, kind and shape, so that their outputs can be compared.
  private(set) var isComparable = true

  init(_ new: NetworkRecord, against old: NetworkRecord) {
    compareLint(new.lint, old.lint)
    compareSections([new.net] + new.layers.map(\.section), old)
    compareShapes(new, old)
    compareCosts(new, old)
  }

  /// Of a file that is no sound network: sections and keys alone.
  init(_ file: CfgFile, against old: NetworkRecord) {
    isComparable = false
    compareSections(file.sections.map { SectionRecord($0, shape: nil) }, old)
  }

  private mutating func compareLint(_ new: [String: Int], _ old: [String: Int]) {
    for code in Set(new.keys).union(old.keys).sorted() where new[code] != old[code] {
      let (count, recorded) = (new[code] ?? 0, old[code] ?? 0)
      found.append(
        Difference(
          .lint, key: code, found: "\(count)", expected: "\(recorded)",
          "lint reports \(code) \(count) times, the record has \(recorded)"))
    }
  }

  private mutating func compareKeys(_ new: SectionRecord, _ old: SectionRecord, layer: Int?) {
    let keys = new.entries.map(\.key) + old.entries.map(\.key).filter { new.value(of: $0) == nil }
    for key in keys where new.value(of: key) != old.value(of: key) {
      let (value, recorded) = (new.value(of: key), old.value(of: key))
      found.append(
        Difference(
          .layers, layer: layer, section: new.name, key: key, found: value, expected: recorded,
          "\(key) is \(value ?? "not set"), the record has \(recorded ?? "none")"))
    }
  }

  /// - Parameter new: `[net]` and the layers.
  private mutating func compareSections(_ new: [SectionRecord], _ record: NetworkRecord) {
    let old = [record.net] + record.layers.map(\.section)
    let common = min(new.count, old.count)
    let firstOther = (0..<common).first { new[$0].name != old[$0].name }
    for index in 0..<(firstOther ?? common) {
      compareKeys(new[index], old[index], layer: index == 0 ? nil : index - 1)
    }
    if let index = firstOther {
      isComparable = false
      found.append(
        Difference(
          .layers, layer: index - 1, section: new[index].name, key: "section",
          found: new[index].name, expected: old[index].name,
          "the record has [\(old[index].name)] here"))
    }
    guard new.count != old.count else { return }
    isComparable = false
    let surplus = firstOther == nil && common < new.count ? common : nil
    found.append(
      Difference(
        .layers, layer: surplus.map { $0 - 1 }, section: surplus.map { new[$0].name },
        key: "layers", found: "\(new.count - 1)", expected: "\(old.count - 1)",
        "the network has \(new.count - 1) layers, the record has \(old.count - 1)"))
  }

  /// A shape is said to differ only where no key explains it: then the program has changed.
  private mutating func compareShapes(_ new: NetworkRecord, _ old: NetworkRecord) {
    guard isComparable else { return }
    let first = zip(new.layers, old.layers).enumerated().first {
      $0.element.0.section.shape != $0.element.1.section.shape
    }
    guard let (layer, (mine, theirs)) = first.map({ ($0.offset, $0.element) }) else { return }
    isComparable = false
    guard !found.contains(where: { $0.check == .layers }) else { return }
    found.append(
      Difference(
        .layers, layer: layer, section: mine.section.name, key: "shape",
        found: mine.section.shape, expected: theirs.section.shape,
        "its output is \(mine.section.shape), the record has \(theirs.section.shape)"))
  }

  private mutating func compareCosts(_ new: NetworkRecord, _ old: NetworkRecord) {
    if new.parameters != old.parameters {
      found.append(
        Difference(
          .cost, key: "parameters", found: "\(new.parameters)", expected: "\(old.parameters)",
          "the network has \(new.parameters) parameters, the record has \(old.parameters)"))
    }
    if abs(new.bflops - old.bflops) > 1e-9 * abs(old.bflops) {
      found.append(
        Difference(
          .cost, key: "bflops", found: "\(new.bflops)", expected: "\(old.bflops)",
          "the network counts \(new.bflops) BFLOPs, the record has \(old.bflops)"))
    }
  }
}
