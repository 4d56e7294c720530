import ArgumentParser
import Foundation
import PenumbraData
import Synchronization

/// `penumbra data check`: every fault of a data set.
struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Finds everything that is wrong with a data set, by file and line.",
    discussion: """
      \(DataHelp.paths)

      Found are missing and unreadable images (each is decoded), missing, unreadable and unparsable \
      labels, classes out of range, numbers that are not finite, boxes without a size, outside or \
      partly outside of their image, repeated boxes and images, images both trained on and \
      validated on, empty lists, classes without images, names of classes that are \
      empty or given twice, sets without a box, keys of a .data file that are likely misspelled, links \
      that lead out of a folder, which are not followed. An error leaves a box or an image out of \
      training; a warning leaves nothing out.

      The kinds are \(DataFault.Kind.allCases.map(\.rawValue).joined(separator: ", ")).

      --json prints one object: kind, class_names, parts[] (name, source, images, boxes, \
      per_class[]), counts {kind: number}, faults[] (kind, file, line, text, effect). Of each kind at most \
      \(DataFaults.mostKept) faults are listed; the counts are of all.

      EXAMPLE
        penumbra data check bccd.data

      EXIT STATUS
        0 nothing is wrong, 1 something is, 65 this is no data set, 66 there is no such file.
      """)

  @OptionGroup var options: DataOptions
  @OptionGroup var size: PictureLimits
  @Flag(help: "Do not decode the images.") var skipImages = false
  @Option(help: "Threads that decode images; by default one a processor.") var threads: Int?
  @Option(
    name: .customLong("max-memory"),
    help: """
      The most that decoding may take on all threads together, such as 512M, at least 1M; 1G by default. \
      A picture that needs more is decoded alone.
      """)
  var memoryLimit: ByteCount?
  @Option(
    help: "Print so many faults of each kind, at most \(DataFaults.mostKept); 0 prints as many.")
  var limit = 0
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 1024")
    }
    if let memoryLimit, memoryLimit.bytes < 1 << 20 {
      throw ValidationError(
        "--max-memory is \(memoryLimit.bytes) bytes, expected at least 1M, for example"
          + " 512M")
    }
    guard limit >= 0 else { throw ValidationError("--limit is \(limit), expected 0 or more") }
  }

  func run() throws {
    let check = try checked()
    if json {
      try Output.object(check)
    } else {
      for line in text(check) { Output.line(line) }
    }
    if !check.faults.isEmpty { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }

  private func checked() throws -> DataSetCheck {
    let progress = Mutex((line: Progress(total: nil, noun: "images"), done: 0))
    defer { progress.withLock { $0.line.clear() } }
    return try DataSetCheck(
      options.data, classNames: options.classNames(), decodes: !skipImages,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, limits: size.limits,
      budget: DecodingBudget(bytes: memoryLimit?.bytes ?? DecodingBudget.standardBytes)
    ) { done, _ in
      // Threads may come here in another order than they counted.
      progress.withLock { progress in
        guard done % 16 == 0, done > progress.done else { return }
        progress.done = done
        progress.line.show(done: done)
      }
    }
  }

  private func text(_ check: DataSetCheck) -> [String] {
    var printed: [DataFault.Kind: Int] = [:]
    var lines: [String] = []
    for fault in check.faults {
      printed[fault.kind, default: 0] += 1
      if limit == 0 || printed[fault.kind] ?? 0 <= limit { lines.append(fault.description) }
    }
    if limit == 0, let text = FaultText.unlisted(check.faults) { lines.append(text) }
    for part in check.parts {
      let boxes = check.kind == .detection ? ", \(counted(part.boxes, "box", plural: "boxes"))" : ""
      let classes = zip(check.classNames, part.perClass).map { "\($0) \($1)" }
      lines.append(
        "\(part.name): \(counted(part.images, "image"))\(boxes)"
          + " (\(classes.prefix(20).joined(separator: ", "))\(classes.count > 20 ? ", ..." : ""))")
    }
    if check.faults.isEmpty {
      lines.append("nothing is wrong" + (skipImages ? " (images were not decoded)" : ""))
    } else {
      lines.append("\(counted(check.faults.total, "fault")): \(FaultText.counts(check.faults))")
    }
    return lines
  }
}
