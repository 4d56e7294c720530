import ArgumentParser
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// `penumbra data stats`: what a data set consists of.
struct DataStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Counts images, sizes, classes and boxes of a data set.",
    discussion: """
      \(DataHelp.paths)

      Boxes are measured in the pixels of each image, or with --cfg (or --width and --height) in \
      those of the network's input, to which images are stretched. Small boxes are those below 32x32 \
      pixels, large ones those from 96x96, as COCO has it. Quarters are those of the sorted numbers.

      --json prints one object: kind, network_size, parts[] (name, images, images_without_boxes, \
      boxes, sizes[], classes[], boxes_per_image, areas, widths, heights, aspects), faults (how many).

      EXAMPLE
        penumbra data stats bccd.data --cfg yolov4-tiny.cfg
      """)

  @OptionGroup var options: DataOptions
  @Option(help: "Measure boxes at the input size of this cfg.") var cfg: String?
  @OptionGroup var cfgs: CfgOptions
  @OptionGroup var size: SizeOptions
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    if cfg != nil, size.size != nil {
      throw ValidationError("give --cfg, or --width and --height, not both")
    }
  }

  func run() throws {
    var network = size.size.map { PictureSize(width: $0.width, height: $0.height) }
    if let cfg {
      let input = try Graph(cfgs.file(cfg)).net.input
      network = PictureSize(width: input.width, height: input.height)
    }
    let statistics = try DataSetStatistics(
      options.data, classNames: options.classNames(), networkSize: network)
    if json {
      try Output.object(statistics)
    } else {
      for part in statistics.parts { for line in text(part, statistics) { Output.line(line) } }
      FaultText.tell(statistics.faults, of: options.data)
    }
    guard statistics.parts.contains(where: { $0.images > 0 }) else {
      throw InputError(
        "\(options.data.shownPath): there is no image to count",
        help: "'penumbra data check \(options.data.shellQuoted)' says what it finds there")
    }
  }

  private func text(_ part: DataSetStatistics.Part, _ all: DataSetStatistics) -> [String] {
    let sizes = part.sizes.prefix(5).map { "\($0.width)x\($0.height) (\($0.images))" }
    let more = part.sizes.count > 5 ? ", \(part.sizes.count - 5) others" : ""
    var lines = [
      "\(part.name): \(counted(part.images, "image")); sizes \(sizes.joined(separator: ", "))\(more)"
    ]
    var table = TextTable([("class", .left), ("images", .right), ("boxes", .right)])
    for count in part.classes {
      table.append([
        count.name, "\(count.images)", all.kind == .detection ? "\(count.boxes)" : "",
      ])
    }
    lines += table.lines.map { "  " + $0 }
    guard all.kind == .detection else { return lines }
    let place = all.networkSize.map { "at \($0.width)x\($0.height)" } ?? "in each image"
    let (areas, without) = (part.areas, part.imagesWithoutBoxes)
    lines.append(
      "  \(counted(part.boxes, "box", plural: "boxes")) \(place): small \(areas.small), medium "
        + "\(areas.medium), large \(areas.large); \(counted(without, "image")) without boxes")
    var spreads = TextTable(
      [("", .left)] + ["min", "p25", "p50", "p75", "max", "mean"].map { ($0, .right) })
    for (name, spread, decimals) in [
      ("boxes an image", part.boxesPerImage, 0), ("width", part.widths, 1),
      ("height", part.heights, 1), ("width/height", part.aspects, 2),
    ] {
      guard let spread else { continue }
      let numbers = [
        spread.least, spread.lowerQuarter, spread.median, spread.upperQuarter, spread.most,
      ]
      spreads.append(
        [name] + numbers.map { $0.text(decimals) } + [spread.mean.text(max(decimals, 1))])
    }
    return lines + spreads.lines.map { "  " + $0 }
  }
}
