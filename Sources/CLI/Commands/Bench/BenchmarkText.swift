import PenumbraEngine
import PenumbraSupport

/// A benchmark for people.
struct BenchmarkText {
  private let benchmark: Benchmark
  private let isSorted: Bool

  init(_ benchmark: Benchmark, isSorted: Bool) {
    self.benchmark = benchmark
    self.isSorted = isSorted
  }

  var lines: [String] {
    var lines = heading + [""] + runs
    for run in benchmark.runs where run.layers != nil {
      lines += ["", "\(run.name):"] + layers(run)
    }
    if let products = benchmark.products { lines += [""] + self.products(products) }
    return lines
  }

  private var heading: [String] {
    let machine = benchmark.machine
    return [
      "network  \(benchmark.cfg.printable), \(benchmark.width)x\(benchmark.height)x\(benchmark.channels),"
        + " \(benchmark.gflop.text(3)) GFLOP an image, weights \(benchmark.weights.printable)",
      "machine  \(machine.cpu), \(counted(machine.processors, "processor")),"
        + " \(machine.instructionSet)",
      "peak     " + (peaks.isEmpty ? "not measured" : peaks.joined(separator: "; ")),
      "memory   \(bytesText(benchmark.peakResidentBytes)) resident at most, all runs together",
    ]
  }

  /// Of the numbers that networks are run in by default.
  private var peaks: [String] {
    benchmark.limits.arithmetic.filter { $0.numbers == "fp32" }.map {
      "\($0.gflopsPerSecond.text(1)) GFLOP/s on \(counted($0.threads, "thread"))"
    }
  }

  // MARK: Runs

  private var runs: [String] {
    var text = TextTable([
      ("backend", .left), ("threads", .right), ("streams", .right), ("batch", .right),
      ("runs", .right), ("min ms", .right), ("median ms", .right), ("p90 ms", .right),
      ("GFLOP/s", .right), ("peak", .right), ("images/s", .right), ("speed", .right),
      ("arena", .right), ("scratch", .right), ("winograd", .right),
    ])
    let first = benchmark.runs[0].imagesPerSecond
    let hasBatches = benchmark.runs.contains { $0.batch > 1 }
    for run in benchmark.runs {
      let ratio = (run.imagesPerSecond / first).text(2) + "x"
      text.append([
        run.backend + (run.precision.map { " \($0.rawValue)" } ?? ""),
        run.streams == nil ? "\(run.threads)" : "", run.streams.map { "\($0)" } ?? "",
        hasBatches ? "\(run.batch)" : "", "\(run.iterations)", run.milliseconds.minimum.text(2),
        run.milliseconds.median.text(2), run.milliseconds.p90.text(2), run.gflopsPerSecond.text(1),
        percent(run.shareOfPeak), run.imagesPerSecond.text(2),
        benchmark.runs.count > 1 ? ratio : "", bytesText(run.arenaBytes),
        bytesText(run.scratchBytes), run.winograd.map { bytesText($0.usedBytes) } ?? "",
      ])
    }
    return text.lines
  }

  private func percent(_ share: Double?) -> String {
    share.map { (100 * $0).text(0) + "%" } ?? ""
  }

  // MARK: Layers

  private func layers(_ run: Benchmark.Run) -> [String] {
    var text = TextTable([
      ("layer", .right), ("section", .left), ("ms", .right), ("share", .right),
      ("GFLOP/s", .right), ("peak", .right), ("GB/s", .right), ("copied", .right),
      ("kernels", .left),
    ])
    let layers = run.layers ?? []
    for layer in isSorted ? layers.sorted(by: { $0.milliseconds > $1.milliseconds }) : layers {
      guard !layer.kernels.isEmpty else {
        text.append(["\(layer.index)", layer.section] + Array(repeating: "", count: 7))
        continue
      }
      text.append([
        "\(layer.index)", layer.section, layer.milliseconds.text(3),
        (100 * layer.share).text(1) + "%",
        layer.gflopsPerSecond > 0 ? layer.gflopsPerSecond.text(1) : "",
        percent(layer.shareOfPeak), layer.gigabytesPerSecond.text(1),
        layer.copiedBytes > 0 ? bytesText(layer.copiedBytes) : "",
        layer.kernels.joined(separator: " + "),
      ])
    }
    return text.lines
  }

  // MARK: Products

  private func products(_ products: ProductBenchmark) -> [String] {
    var text = TextTable([
      ("layer", .right), ("groups", .right), ("m", .right), ("n", .right), ("k", .right),
      ("ours ms", .right), ("GFLOP/s", .right), ("sgemm ms", .right), ("GFLOP/s", .right),
      ("im2col+sgemm ms", .right), ("GFLOP/s", .right),
    ])
    for each in products.convolutions {
      text.append(
        ["\(each.layer)", "\(each.groups)", "\(each.m)", "\(each.n)", "\(each.k)"]
          + times([each.backend, each.product, each.unfoldedProduct], each.gflop))
    }
    text.append(
      ["all", "", "", "", ""]
        + times(
          [products.backend, products.product, products.unfoldedProduct], products.gflop))
    return ["convolutions of the first run, \(counted(products.threads, "thread")):"] + text.lines
  }

  private func times(_ milliseconds: [Double], _ gflop: Double) -> [String] {
    milliseconds.flatMap { [$0.text(3), (1000 * gflop / $0).text(1)] }
  }
}

extension BenchmarkComparison {
  /// One line a run, and the layers that lost most where one is too slow.
  func lines(tolerance: Double) -> [String] {
    changes.flatMap { change in
      let isSlower = change.percent > tolerance
      let line =
        "\(change.name): \(time(change.now)) ms, was \(time(change.before)) ms,"
        + " \(change.percentText)" + (isSlower ? ": slower than \(tolerance.text(1))% allows" : "")
      return [line]
        + (isSlower ? change.slowerLayers : []).map { layer in
          "  \(layer.name): \(layer.now.text(3)) ms, was \(layer.before.text(3)) ms"
        }
    }
  }
}

private func time(_ milliseconds: Double) -> String {
  milliseconds.text(milliseconds < 0.1 ? 5 : 2)
}

extension BenchmarkComparison.Change {
  fileprivate var percentText: String { (percent >= 0 ? "+" : "") + percent.text(1) + "%" }
}
