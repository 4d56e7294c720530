import PenumbraEngine

/// A benchmark of kernels for people.
struct KernelText {
  private let benchmark: KernelBenchmark

  init(_ benchmark: KernelBenchmark) { self.benchmark = benchmark }

  var lines: [String] {
    let machine = benchmark.machine
    let heading =
      "machine  \(machine.cpu), \(counted(machine.processors, "processor")),"
      + " \(machine.instructionSet)"
    return [heading, ""] + LimitsText(benchmark.limits).lines + [""] + kernels
  }

  private var kernels: [String] {
    var text = TextTable([
      ("kernel", .left), ("min us", .right), ("median us", .right), ("p90 us", .right),
      ("GFLOP/s", .right), ("GB/s", .right), ("of limit", .right), ("limit", .left),
      ("kernels", .left),
    ])
    for entry in benchmark.kernels {
      let times = entry.milliseconds
      text.append([
        entry.name, (1000 * times.minimum).text(2), (1000 * times.median).text(2),
        (1000 * times.p90).text(2),
        entry.gflopsPerSecond > 0 ? entry.gflopsPerSecond.text(1) : "",
        entry.gigabytesPerSecond.text(1), (100 * entry.shareOfLimit).text(0) + "%",
        entry.isBoundByArithmetic ? "arithmetic" : "memory", entry.kernels.joined(separator: " + "),
      ])
    }
    return text.lines
  }
}
