import Foundation
import Penumbra
import PenumbraEngine
import PenumbraTraining

extension FuzzTarget {
  /// The state of a training: the file as it is, or with its checksum made right.
  static let state = FuzzTarget(
    "state",
    dictionary: [
      "pnmbrst1", "\"parts\":", "\"floats\":", "\"checksum\":", "\"iteration\":", "\"seed\":",
      "\"batch\":", "\"subdivisions\":", "\"stopping\":", "\"best\":", "-1", "9223372036854775807",
    ],
    seeds: [stateSeed]
  ) { bytes in
    let path = ScratchFiles.write(bytes.count % 4 == 0 ? bytes : sealed(bytes), to: "fuzz.state")
    let file = try StateFile(path)
    _ = "\(file.state)"
    guard let values = try? ParameterBuffer(WeightsLayout(WeightsGraphs.all[0])) else { return }
    try file.restore([StateFile.Buffer(name: "weights", values: values)])
  }

  private static var stateSeed: [UInt8] {
    guard let values = try? ParameterBuffer(WeightsLayout(WeightsGraphs.all[0])) else { return [] }
    var state = TrainingState(
      cfg: "fuzz.cfg", cfgChecksum: "00", seed: 1, batch: 4, subdivisions: 2)
    state.averageLoss = 2.5
    state.best = .init(metric: "mAP", value: 0.5, iteration: 3)
    try? StateFile.write(
      state, [.init(name: "weights", values: values)], to: ScratchFiles.folder + "/seed.state")
    return ScratchFiles.read("seed.state")
  }

  /// With the length of its description where that is beyond the end, and the description's checksum.
  private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 24 else { return bytes }
    var bytes = Array("pnmbrst1".utf8) + bytes[8...]
    let stated = bytes[8..<16].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let count = stated <= UInt64(bytes.count - 24) ? Int(stated) : bytes.count - 24
    store(UInt64(count), at: 8, of: &bytes)
    let text = Array(bytes[24..<24 + count])
    store(text.withUnsafeBytes(Checksum.of), at: 16, of: &bytes)
    return bytes
  }

  private static func store(_ word: UInt64, at offset: Int, of bytes: inout [UInt8]) {
    for index in 0..<8 { bytes[offset + index] = UInt8(truncatingIfNeeded: word >> (8 * index)) }
  }

  // MARK: Packed weights

  /// A cache of packed weights: what follows its magic and key, with the checksum made right or not.
  static let pack = FuzzTarget(
    "pack", seeds: [packSeed].compactMap { $0 }.map { Array($0[24...]) }
  ) { bytes in
    guard let seed = packSeed else { return }
    var file = Array(seed[..<24]) + bytes
    if bytes.count % 4 != 0 { store(bytes.withUnsafeBytes(Checksum.of), at: 16, of: &file) }
    _ = ScratchFiles.write(file, to: "packed.weights.packed")
    var session = try Session(packedPlan())
    session.withInput(image: 0) { Weights.fillInput($0, seed: 1) }
    session.run()
  }

  /// The cache that a plan writes.
  private static let packSeed: [UInt8]? = {
    guard let weights = try? Weights(seed: 1, for: WeightsGraphs.all[0]),
      (try? weights.write(to: ScratchFiles.folder + "/packed.weights")) != nil,
      (try? packedPlan()) != nil
    else { return nil }
    let bytes = ScratchFiles.read("packed.weights.packed")
    return bytes.count >= 24 ? bytes : nil
  }()

  private static func packedPlan() throws -> Plan {
    let path = ScratchFiles.folder + "/packed.weights"
    return try Plan(
      WeightsGraphs.all[0], weights: Weights(contentsOf: path, for: WeightsGraphs.all[0]),
      options: PlanOptions(threads: 1, packCache: .besideWeights))
  }
}
