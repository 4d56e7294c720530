import PenumbraSupport

/// The flags that Darknet's `detector` and `classifier` take, as their instructions write them: with
/// one dash, values and all.
///
/// What acts here gets the argument parser's spelling; what does not is left out with a note.
/// Source: AlexeyAB's Darknet `detector.c` (`run_detector`), `classifier.c` (`run_classifier`),
/// `darknet.c` (`main`), `demo.c`.
struct DarknetFlag {
  enum Value { case none, one, optional }

  let name: String
  let value: Value
  /// The commands in which it acts.
  let commands: Set<String>
  /// Why it has no effect in others.
  let reason: String

  private init(_ name: String, _ value: Value, in commands: Set<String> = [], _ reason: String) {
    (self.name, self.value, self.commands, self.reason) = (name, value, commands, reason)
  }

  private static let test: Set = ["detector test"]
  private static let trainers: Set = ["detector train", "classifier train"]
  private static let window = "no window is ever opened"
  private static let graphics = "everything runs on the CPU"
  private static let video = "video is not read here"
  private static let server = "nothing is served over a network"

  static let all = [
    DarknetFlag("dont_show", .none, window), DarknetFlag("show", .none, window),
    DarknetFlag("show_imgs", .none, window), DarknetFlag("nogpu", .none, graphics),
    DarknetFlag("gpus", .one, graphics), DarknetFlag("i", .one, graphics),
    DarknetFlag("cuda_debug_sync", .none, graphics),
    DarknetFlag("benchmark", .none, "'penumbra bench CFG' measures speed"),
    DarknetFlag("benchmark_layers", .none, "'penumbra bench CFG --layers' measures layers"),
    DarknetFlag("json_port", .one, server), DarknetFlag("http_port", .one, server),
    DarknetFlag("mjpeg_port", .one, server), DarknetFlag("http_post_host", .one, server),
    DarknetFlag("c", .one, video), DarknetFlag("s", .one, video),
    DarknetFlag("avgframes", .one, video), DarknetFlag("time_limit_sec", .one, video),
    DarknetFlag("out_filename", .one, video), DarknetFlag("prefix", .one, video),
    DarknetFlag("dontdraw_bbox", .none, video), DarknetFlag("track_optflow", .none, video),
    DarknetFlag("hier", .one, "classes of a tree count above 0.5, as in Darknet"),
    DarknetFlag("chart", .optional, "train.html in the backup folder has the curves"),
    DarknetFlag("num_of_clusters", .one, "'penumbra anchors DATA --num N' makes anchors"),
    DarknetFlag(
      "thresh", .one, in: test.union(["detector train", "detector map", "detect"]),
      "classes have no threshold"),
    DarknetFlag("nms", .one, in: ["detect"], "Darknet's own 0.45 counts"),
    DarknetFlag("out", .one, in: test.union(["detect", "classify"]), "results go to stdout"),
    DarknetFlag("ext_output", .none, in: test, "the place of every box is in the output"),
    DarknetFlag("letter_box", .none, in: test, "letter_box=1 in [net] of the cfg decides it"),
    DarknetFlag("save_labels", .none, in: test, "'penumbra detect --format yolo' writes labels"),
    DarknetFlag("map", .none, in: ["detector train"], "mAP is measured by 'detector train'"),
    DarknetFlag("mAP_epochs", .one, in: ["detector train"], "mAP is measured by 'detector train'"),
    DarknetFlag("clear", .none, in: trainers, "nothing is trained"),
    DarknetFlag("seed", .one, in: trainers, "nothing here is random"),
    DarknetFlag("topk", .none, in: ["classifier train"], "accuracy is measured by 'evaluate'"),
    DarknetFlag("top", .one, in: ["classify", "classifier predict"], "classes are not ranked"),
    DarknetFlag("iou_thresh", .one, in: ["detector map"], "'penumbra evaluate --iou' takes it"),
    DarknetFlag("points", .one, in: ["detector map"], "'penumbra evaluate --points' takes it"),
  ]

  /// - Parameter argument: `-name`, or `--name` for flags that are longer than a letter.
  init?(_ argument: String) {
    let name = String(argument.drop { $0 == "-" })
    let dashes = argument.utf8.count - name.utf8.count
    guard dashes == 1 || dashes == 2 && name.utf8.count > 1,
      let flag = Self.all.first(where: { $0.name == name })
    else { return nil }
    self = flag
  }
}

/// Darknet's flags on a command line.
enum DarknetFlags {
  /// The arguments up to `--` with Darknet's flags as the argument parser takes them. A note says
  /// which have no effect, and why.
  ///
  /// - Throws: `UsageError` where a flag lacks its value.
  static func spelled(_ arguments: [String]) throws(UsageError) -> [String] {
    guard let command = command(arguments) else { return arguments }
    var (spelled, rest) = ([String](), arguments[...])
    while let argument = rest.first, argument != "--" {
      rest.removeFirst()
      let (typed, attached) = split(argument)
      guard let flag = DarknetFlag(typed), isMeant(flag, typed, command) else {
        spelled.append(argument)
        continue
      }
      var value = attached
      if value == nil { value = try self.value(of: flag, &rest) }
      if flag.commands.contains(command) {
        // A flag that is switched off with 0 is not given.
        guard flag.value != .none || value != "0" else { continue }
        spelled.append("--" + flag.name + (flag.value == .none ? "" : "=" + (value ?? "")))
      } else {
        standardError("note: -\(flag.name) has no effect here: \(flag.reason)")
      }
    }
    return spelled + rest
  }

  /// With two dashes, `detect` and `classify` have options of their own.
  private static func isMeant(_ flag: DarknetFlag, _ typed: String, _ command: String) -> Bool {
    flag.commands.contains(command) || !typed.hasPrefix("--") || command.contains(" ")
  }

  /// The command, if Darknet has it too.
  private static func command(_ arguments: [String]) -> String? {
    switch arguments.first {
    case "detect", "classify": arguments[0]
    case "detector", "classifier": arguments.prefix(2).joined(separator: " ")
    default: nil
    }
  }

  /// `-name=value` in its two parts.
  private static func split(_ argument: String) -> (name: String, value: String?) {
    guard argument.hasPrefix("-"), let equals = argument.utf8.firstIndex(of: UInt8(ascii: "="))
    else { return (argument, nil) }
    return (
      String(argument[..<equals]), String(argument[argument.utf8.index(after: equals)...])
    )
  }

  private static func value(
    of flag: DarknetFlag, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> String? {
    let next = rest.first.flatMap { $0.isOptionArgument ? nil : $0 }
    switch flag.value {
    case .none:
      // Instructions write -clear 1; a file of that name is a file.
      guard let next, ["0", "1"].contains(next), isFolder(next) == nil else { return nil }
    case .optional:
      guard let next, next.isChartValue else { return nil }
    case .one:
      guard next != nil else {
        throw UsageError("-\(flag.name) needs a value", help: "write it after -\(flag.name)")
      }
    }
    return rest.removeFirst()
  }
}

extension String {
  /// Whether it names a chart, and not the weights that may follow a `-chart` without a value.
  fileprivate var isChartValue: Bool {
    ["0", "1"].contains(self)
      || ["png", "jpg", "jpeg", "svg", "html"].contains(fileExtension.lowercased())
  }
}
