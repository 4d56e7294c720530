import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraSupport

/// `penumbra anchors`: anchors that suit a data set.
struct Anchors: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds anchors that suit the boxes of a data set, and writes them into a cfg.",
    discussion: """
      k-means over the widths and heights of the boxes at the network's input size, with 1 - IoU as \
      the distance; the best of several seeded starts. With --cfg the anchors it has now are judged \
      too, and the new ones are listed as it would list them: masks stay, heads with finer grids get \
      smaller anchors. --apply writes them into the cfg, of which every other byte stays.

      Printed are the average IoU of each box with its best anchor, the share of boxes that some \
      anchor overlaps by more than half, and the share that some anchor differs from by less than a \
      factor of 4 in width and height.

      --json prints one object: boxes, width, height, seed, anchors[] (width, height), fit \
      (average_iou, recall_iou_50, recall_ratio_4), and with --cfg current and current_fit, heads[] \
      (layer, stride, mask[], line), applied.

      EXAMPLE
        penumbra anchors bccd.data --cfg yolov4-tiny.cfg
        penumbra anchors bccd.data --cfg yolov4-tiny.cfg --apply
      """)

  @OptionGroup var options: DataOptions
  @Option(help: "Which part of a .data file: train or valid.") var part = DataSetPart.train
  @Option(help: "How many anchors; by default as many as the cfg has, else 9.") var num: Int?
  @Option(help: "The cfg whose anchors are judged, and replaced with --apply.") var cfg: String?
  @OptionGroup var cfgs: CfgOptions
  @OptionGroup var size: SizeOptions
  @Option(help: "Seed of the starts (0 to 2^64 - 1).") var seed: UInt64 = 1
  @Option(help: "Starts to try, 1 to 1000.") var restarts = 10
  @Flag(help: "Write the new anchors into the cfg.") var apply = false
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    if apply, cfg == nil { throw ValidationError("--apply needs --cfg") }
    if apply, size.size != nil {
      throw ValidationError(
        "--apply measures at the size of the cfg: leave out --width and --height")
    }
    if let num, !(1...10_000).contains(num) {
      throw ValidationError("--num is \(num), expected 1 to 10000")
    }
    guard (1...1000).contains(restarts) else {
      throw ValidationError("--restarts is \(restarts), expected 1 to 1000")
    }
  }

  func run() throws {
    var files = OutputPlan()
    files.reads(dataSet: options.data)
    files.reads(options.names, as: "the file of class names")
    try files.writes(apply ? cfg : nil)
    // The new text replaces the old one, which a descriptor cannot do.
    if apply, let cfg, try OutputTarget(cfg).isStream { throw WriteError(cfg, .notRegular) }
    if apply, let cfg, FileStatus(cfg)?.hasOtherNames == true {
      throw WriteError(cfg, .hasOtherNames)
    }
    let bytes = try cfg.map { try readFile($0, limit: CfgFile.largestFile) }
    let heads = try cfg.map { cfg in
      try AnchorHeads(Graph(cfgs.file(bytes: bytes ?? [], name: cfg), size: size.size))
    }
    if apply, let num, let heads, num != heads.anchors.count {
      throw InputError(
        "--num is \(num), but the heads of \(heads.name) have \(heads.anchors.count) anchors",
        help: "leave out --num, or change 'num', 'mask' and 'filters' of the cfg first")
    }
    let (width, height) =
      heads.map { ($0.width, $0.height) } ?? size.size.map { ($0.width, $0.height) } ?? (416, 416)
    let data = try DetectionDataSet(
      path: options.data, part: part, classNames: options.classNames())
    FaultText.tell(data.faults, of: options.data)
    let boxes = try [Anchor](
      boxesOf: data, width: width, height: height, letterBox: heads?.letterBox ?? false)
    let count = num ?? heads?.anchors.count ?? 9
    let search = AnchorSearch(boxes, count: count, seed: seed, restarts: restarts)
    var anchors = search.anchors
    if let heads, count == heads.anchors.count { anchors = heads.rounded(heads.ordered(anchors)) }
    var record = AnchorRecord(
      boxes: boxes.count, width: width, height: height, seed: seed, anchors: anchors,
      fit: AnchorFit(anchors, boxes: boxes))
    if let heads { record.compare(heads, boxes) }
    if apply, let heads, let cfg, let bytes {
      let edited = heads.edits(anchors).applied(to: bytes)
      if edited != bytes { try AtomicFile.write(edited, to: cfg) }
      record.applied = true
    }
    if json { return try Output.object(record) }
    for line in record.text { Output.line(line) }
    if apply, let heads, let cfg { announce(heads, cfg) }
  }

  private func announce(_ heads: AnchorHeads, _ cfg: String) {
    for head in heads.heads { standardError("\(cfg):\(head.line): anchors written") }
  }
}

/// What `anchors` found.
private struct AnchorRecord: Encodable {
  let boxes, width, height: Int
  let seed: UInt64
  let anchors: [Anchor]
  let fit: AnchorFit
  var current: [Anchor]?
  var currentFit: AnchorFit?
  var heads: [AnchorHeads.Head]?
  var applied = false

  private enum CodingKeys: String, CodingKey {
    case boxes, width, height, seed, anchors, fit, current, heads, applied
    case currentFit = "current_fit"
  }

  mutating func compare(_ heads: AnchorHeads, _ boxes: [Anchor]) {
    current = heads.anchors
    currentFit = AnchorFit(heads.anchors, boxes: boxes)
    self.heads = heads.heads
  }

  var text: [String] {
    var lines = ["\(counted(boxes, "box", plural: "boxes")) at \(width)x\(height), seed \(seed)"]
    var table = TextTable([
      ("", .left), ("average IoU", .right), ("IoU > 0.5", .right), ("within 4x", .right),
      ("anchors", .left),
    ])
    if let current, let currentFit { table.append(row("now", currentFit, current)) }
    table.append(row("new", fit, anchors))
    lines += table.lines
    guard let heads, current?.count == anchors.count else { return lines }
    for head in heads {
      let own = head.mask.filter(anchors.indices.contains).map { anchors[$0] }
      let mask = head.mask.map(String.init).joined(separator: ",")
      lines.append(
        "head \(head.layer), stride \(head.stride), mask \(mask): \(list(own))")
    }
    return lines
  }

  private func row(_ name: String, _ fit: AnchorFit, _ anchors: [Anchor]) -> [String] {
    let numbers = [
      fit.averageIoU.text(4), (fit.recallIoU * 100).text(2) + "%",
      (fit.recallRatio * 100).text(2) + "%",
    ]
    return [name] + numbers + [list(anchors)]
  }

  private func list(_ anchors: [Anchor]) -> String {
    anchors.map { anchor in
      [anchor.width, anchor.height].map { side in
        side == side.rounded() ? side.text(0) : side.text(1)
      }.joined(separator: ",")
    }.joined(separator: ", ")
  }
}
