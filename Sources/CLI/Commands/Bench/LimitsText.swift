import PenumbraEngine

/// What a machine can do at most, for people.
struct LimitsText {
  private let limits: Limits

  init(_ limits: Limits) { self.limits = limits }

  var lines: [String] {
    arithmetic + (limits.memory.isEmpty ? [] : [""] + memory)
  }

  private var threads: [Int] { Set(limits.arithmetic.map(\.threads)).sorted() }

  private var columns: [(heading: String, alignment: TextTable.Alignment)] {
    threads.map { (counted($0, "thread"), .right) }
  }

  private var arithmetic: [String] {
    var text = TextTable([("multiply-adds, GFLOP/s", .left)] + columns)
    for numbers in ["fp32", "bf16", "int8"] {
      let peaks = limits.arithmetic.filter { $0.numbers == numbers }
      guard !peaks.isEmpty else { continue }
      text.append(
        [numbers]
          + threads.map { threads in
            peaks.first { $0.threads == threads }.map { $0.gflopsPerSecond.text(1) } ?? ""
          })
    }
    return text.lines
  }

  private var memory: [String] {
    var text = TextTable([("memory, GB/s", .left)] + columns)
    let sizes = Set(limits.memory.map(\.bytes)).sorted()
    for bytes in sizes {
      let found = threads.map { threads in
        limits.memory.first { $0.bytes == bytes && $0.threads == threads }
      }
      let size = "\(bytesText(bytes)) a thread"
      text.append(["read, \(size)"] + found.map { $0?.readGigabytesPerSecond.text(1) ?? "" })
      text.append(["written, \(size)"] + found.map { $0?.writtenGigabytesPerSecond.text(1) ?? "" })
    }
    return text.lines
  }
}
