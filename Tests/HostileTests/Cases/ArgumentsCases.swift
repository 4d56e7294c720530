import Foundation
import TestSupport

extension HostileCase {
  static let arguments: [HostileCase] =
    argumentOrder + optionCases + darknetFlags + pointers + names + paths + otherInputs

  // MARK: Order

  /// Every order of a command's files but the right one names the right one.
  private static let argumentOrder: [HostileCase] = [
    ("detect", ["net.cfg", "w.weights", "a.jpg"], "CFG WEIGHTS INPUT..."),
    ("evaluate", ["net.cfg", "w.weights", "d.data"], "CFG WEIGHTS DATA"),
    ("detector map", ["d.data", "net.cfg", "w.weights"], "DATA CFG WEIGHTS"),
    ("detector test", ["d.data", "net.cfg", "w.weights", "a.jpg"], "DATA CFG WEIGHTS [IMAGE]"),
    ("detector train", ["d.data", "net.cfg", "w.weights"], "DATA CFG [WEIGHTS]"),
    (
      "classifier predict", ["d.data", "net.cfg", "w.weights", "a.jpg"], "DATA CFG WEIGHTS [IMAGE]"
    ),
  ].flatMap { command, files, order in
    permutations(files).filter { misplacesNetwork($0, files) }.map { files in
      let line = ([command] + files).joined(separator: " ")
      return HostileCase(
        "in another order: \(line)", line, status: 65, absent: ["Fatal"],
        prepare: copy("argument-order"),
        check: { _, result in
          // Without a data set in the right order, the help names another way to give it.
          result.stderr.contains("the order is \(order)\n") || result.stderr.contains("--data")
            ? nil : result.stderr
        })
    }
  }

  private static func permutations(_ items: [String]) -> [[String]] {
    guard items.count > 1 else { return [items] }
    return items.indices.flatMap { index in
      var rest = items
      let item = rest.remove(at: index)
      return permutations(rest).map { [item] + $0 }
    }
  }

  /// Whether the cfg or the weights are elsewhere than in the right order.
  private static func misplacesNetwork(_ files: [String], _ right: [String]) -> Bool {
    ["net.cfg", "w.weights"].contains { files.firstIndex(of: $0) != right.firstIndex(of: $0) }
  }

  // MARK: Options

  private static let network = "@reports/argument-order/net.cfg @reports/argument-order/w.weights"
  private static let picture = "@reports/argument-order/a.jpg"

  private static let optionCases = [
    HostileCase(
      "an option with one dash", "detect \(network) \(picture) -threshold .5", status: 64,
      stderr: ["has no option '-threshold'", "did you mean --thresh?"], absent: ["OPTIONS"]),
    HostileCase(
      "a gate with an option with one dash",
      "evaluate \(network) @reports/argument-order/d.data -threads 1", status: 64,
      stderr: ["has no option '-threads'", "did you mean --threads?"], absent: ["OPTIONS"]),
    HostileCase(
      "a misspelt option", "detect --tresh .5 \(network) \(picture)", status: 64,
      stderr: ["has no option '--tresh'", "did you mean --thresh?"]),
    HostileCase(
      "a misspelt option of a command in a group", "data check --limt 3 x", status: 64,
      stderr: ["penumbra data check has no option '--limt'", "did you mean --limit?"]),
    HostileCase(
      "a value below zero", "detect \(network) \(picture) --thresh -5", status: 64,
      stderr: ["--thresh is -5.0, expected 0 to 1"]),
    HostileCase(
      "a value that is no number", "detect \(network) \(picture) --thresh nan", status: 64,
      stderr: ["--thresh is nan, expected 0 to 1"]),
    HostileCase(
      "no value at the end", "detect \(network) \(picture) --thresh", status: 64,
      stderr: ["thresh needs a value"]),
    HostileCase(
      "a name that begins with a dash", ["lint", "--", "-threads"], status: 66,
      stderr: ["-threads"], absent: ["no option"]),
    HostileCase("threads", "detect \(network) \(picture) --threads 1000000", status: 64),
    HostileCase("a width of 0", "detect \(network) \(picture) --width 0 --height 0", status: 64),
    HostileCase(
      "an escape sequence in an option", ["lint", "--\u{1B}[31mred"], status: 64,
      stderr: ["\u{241B}[31mred"], absent: ["\u{1B}"]),
    HostileCase(
      "a misspelt command", "lnit x.cfg", status: 64, stderr: ["did you mean 'penumbra lint'?"]),
    HostileCase(
      "a misspelt command of a group", "data chekc x.data", status: 64,
      stderr: ["did you mean 'penumbra data check'?"]),
    HostileCase(
      "a file in a command's place", "@reports/argument-order/net.cfg", status: 64,
      stderr: ["is a file, a command was expected", "penumbra lint"]),
    HostileCase(
      "an escape sequence and line ends as a command", ["\u{1B}[2Jx\nhelp: no"], status: 64,
      absent: ["\u{1B}", "\nhelp: no"]),
    HostileCase(
      "a very long command", [String(repeating: "x", count: 100_000)], status: 64,
      check: { _, result in result.stderr.utf8.count < 2000 ? nil : "\(result.stderr.utf8.count)" }),
  ]

  // MARK: Darknet

  private static let darknetFlags = [
    HostileCase(
      "detect with Darknet's flags",
      "detect \(network) \(picture) -dont_show -ext_output -gpus 0 -i 0 -thresh .3", status: 0,
      stderr: ["note: -gpus has no effect here", "note: -ext_output has no effect here"]),
    HostileCase(
      "every flag of detector test with its value",
      "detector test d.data net.cfg w.weights a.jpg -dont_show -i 0 -gpus 0,1 -thresh .3 -hier .5"
        + " -ext_output -save_labels -letter_box -show -show_imgs -benchmark -benchmark_layers -nogpu"
        + " -json_port 8070 -http_port 8071 -mjpeg_port 8090 -http_post_host h -c 0 -s 1 -avgframes 3"
        + " -time_limit_sec 9 -out_filename o.avi -prefix p -dontdraw_bbox -iou_thresh .5 -points 0"
        + " -mAP_epochs 4 -map -clear -chart c.png -num_of_clusters 9 -out o.json",
      status: 0, stderr: ["-mjpeg_port has no effect"], limit: "rm a.txt",
      prepare: copy("argument-order"),
      check: { folder, _ in folder.text("o.json") == nil ? "no o.json" : nil }),
    HostileCase(
      "detector train with values",
      "detector train d.data net.cfg -chart chart.png -clear 1 -map 0 -mjpeg_port 8090 -gpus 0,1"
        + " -i 0 -dont_show 1",
      status: 0, stdout: ["Saving weights"], prepare: copy("flag-values"),
      check: { folder, result in
        result.stdout.contains("mean_average_precision") ? "-map 0 measured mAP" : nil
      }),
    HostileCase(
      "a flag without its value", "detector test d.data net.cfg w.weights a.jpg -gpus", status: 64,
      stderr: ["-gpus needs a value"], prepare: copy("argument-order")),
    HostileCase(
      "an unknown flag with one dash", "detector test d.data net.cfg w.weights a.jpg -tresh .5",
      status: 64, stderr: ["did you mean --thresh?"], prepare: copy("argument-order")),
    HostileCase(
      "classes that are not shown", "detect net.cfg net.weights a.jpg --names h.names --json",
      status: 0, stderr: ["dont_show x"], stdout: ["\"class_id\" : 1"],
      absent: ["\"class_id\" : 0"], prepare: copy("dont-show")),
    HostileCase(
      "classes that are not shown, in text", "detect net.cfg net.weights a.jpg --names h.names",
      status: 0, stderr: ["are not shown, as in Darknet"], absent: ["dont_show x   "],
      prepare: copy("dont-show")),
  ]

  private static let pointers = [
    ("detector valid d.data n.cfg w.weights", "penumbra evaluate n.cfg w.weights d.data"),
    ("detector recall d.data n.cfg w.weights", "penumbra evaluate n.cfg w.weights d.data"),
    ("detector demo d.data n.cfg w.weights v.mp4", "ffmpeg -i v.mp4 "),
    (
      "detector calc_anchors d.data -num_of_clusters 6 -width 608 -height 352",
      "penumbra anchors d.data --num 6 --width 608 --height 352"
    ),
    ("classifier valid d.data n.cfg w.weights", "penumbra evaluate n.cfg w.weights d.data"),
    (
      "partial n.cfg w.weights o.conv 15", "penumbra weights n.cfg w.weights --upto 15 --out o.conv"
    ),
    ("partial", "penumbra weights CFG WEIGHTS --upto N --out OUT"),
    ("ops n.cfg", "penumbra inspect n.cfg"), ("speed n.cfg 10", "penumbra bench n.cfg"),
    ("statistics n.cfg w.weights", "penumbra weights n.cfg w.weights"),
    ("visualize n.cfg", "penumbra inspect n.cfg --graph"),
    ("yolo test n.cfg w.weights a.jpg", "penumbra detect n.cfg w.weights a.jpg"),
    ("average n.cfg o a b", "nothing here averages"), ("oneoff n.cfg w o", "nothing here"),
    ("normalize n.cfg w o", "nothing here"), ("rescale n.cfg w o", "nothing here"),
    ("denormalize n.cfg w o", "nothing here"), ("rnn train n.cfg", "nothing here"),
    ("imtest a.jpg", "nothing here"), ("nightmare n.cfg w a.jpg 10", "nothing here"),
  ].map { line, advice in
    HostileCase("Darknet's \(line)", line, status: 64, stderr: [advice])
  }

  // MARK: Names

  private static let hostileNames = [
    "\u{1B}[31mred", "a,\"b\"", ",\u{301}x", "=1+1", "a\rb", "\u{202E}abc\u{200B}", "x|`y`<&>", "z",
  ]

  private static func classNames(_ names: [String]) -> @Sendable (TemporaryFolder) throws -> Void {
    { folder in
      try copy("argument-order")(folder)
      try folder.write(names.joined(separator: "\n") + "\n", to: "n.names")
    }
  }

  private static let names = [
    HostileCase(
      "escape sequences and bidirectional marks in names, as text",
      "detect net.cfg w.weights a.jpg --names n.names", status: 0, stdout: ["r\u{241B}[31med"],
      absent: ["\u{1B}", "\u{202E}", "\u{200B}"],
      prepare: classNames(["r\u{1B}[31med", "\u{202E}abc\u{200B}", "z"])),
    HostileCase(
      "the same as JSON", "detect net.cfg w.weights a.jpg --names n.names --json", status: 0,
      stdout: ["\\u202e", "\\u200b"], absent: ["\u{1B}", "\u{202E}", "\u{200B}", "\u{9B}"],
      prepare: classNames(["\u{9B}31mred", "\u{202E}abc\u{200B}", "z"]),
      check: { _, result in
        (try? JSONSerialization.jsonObject(with: Data(result.stdout.utf8))) == nil
          ? "no JSON: \(result.stdout)" : nil
      }),
    HostileCase(
      "formulas, quotes and commas in CSV",
      "detect net.cfg w.weights a.jpg --names n.names --format csv --thresh .2", status: 0,
      stdout: [",'=1+1,", ",\"a,\"\"b\"\"\",", ",\",\u{301}x\","],
      prepare: classNames(["=1+1", "a,\"b\"", ",\u{301}x"])),
    HostileCase(
      "names that pictures cannot show",
      "detect net.cfg w.weights a.jpg --names n.names --annotate out", status: 0,
      stderr: ["\u{72AC} as ?"], absent: ["Fatal"], prepare: classNames(["\u{72AC}", "b", "c"])),
    HostileCase(
      "Darknet's file with any names",
      "detector test d.data net.cfg w.weights a.jpg -out o.json", status: 0,
      absent: ["\u{1B}", "\u{202E}"],
      prepare: classNames(["\u{1B}[31m\"red\\", "\u{202E}b", "z"]),
      check: { folder, _ in
        (try? JSONSerialization.jsonObject(with: Data(folder.bytes("o.json")))) == nil
          ? "no JSON" : nil
      }),
    HostileCase(
      "a COCO file whose names have line ends",
      "data convert c.json out --from coco --to yolo --pictures none", status: 65,
      stderr: ["characters that a file with a name a line cannot hold"],
      prepare: { folder in
        try folder.write(
          """
          {"images":[{"id":1,"file_name":"a.jpg","width":10,"height":10}],"annotations":[
          {"id":1,"image_id":1,"category_id":2,"bbox":[1,1,2,2],"area":4,"iscrowd":0}],
          "categories":[{"id":1,"name":"one\\ntwo\\r\\u2028three"},{"id":2,"name":"four"}]}
          """, to: "c.json")
      },
      check: { folder, _ in
        folder.text("out/classes.names").map { "a file of names was written: \($0)" }
      }),
  ]

  // MARK: Paths

  /// `caf\xE9.jpg`, which is not UTF-8, as a picture.
  private static let latin = "cp a.jpg \"$(printf 'caf\\351.jpg')\""

  private static let paths = [
    HostileCase(
      "a name that is not UTF-8 as an argument", "detect net.cfg w.weights", status: 0,
      stdout: ["caf\\xE9.jpg: "], limit: latin + " && set -- \"$@\" \"$(printf 'caf\\351.jpg')\"",
      prepare: copy("argument-order")),
    HostileCase(
      "in a list", "detect net.cfg w.weights @l.txt", status: 0, stdout: ["caf\\xE9.jpg: "],
      limit: latin + " && printf 'caf\\351.jpg\\n' > l.txt", prepare: copy("argument-order")),
    HostileCase(
      "in a folder, as JSON", "detect net.cfg w.weights p --json", status: 0,
      stdout: ["p/caf\u{10F7E9}.jpg"],
      limit: "mkdir p && " + latin + " && mv caf*.jpg p", prepare: copy("argument-order")),
    HostileCase(
      "through a pattern", ["detect", "net.cfg", "w.weights", "caf*.jpg"], status: 0,
      stdout: ["caf\\xE9.jpg: "], limit: latin, prepare: copy("argument-order")),
    HostileCase(
      "on stdin", "detect net.cfg w.weights -", status: 0, stdout: ["caf\\xE9.jpg: "],
      limit: latin + " && printf 'caf\\351.jpg\\n' > l.txt && exec < l.txt",
      prepare: copy("argument-order")),
    HostileCase(
      "two names that differ in such a byte alone", "detect net.cfg w.weights p --json", status: 0,
      stdout: ["caf\u{10F7E9}.jpg", "caf\u{10F7E8}.jpg"],
      limit: "mkdir p && cp a.jpg \"$(printf 'p/caf\\351.jpg')\""
        + " && cp a.jpg \"$(printf 'p/caf\\350.jpg')\"", prepare: copy("argument-order")),
    HostileCase(
      "a cfg and weights in such a folder", ["lint", "d"], status: 0,
      limit: "mkdir d && cp net.cfg \"$(printf 'd/caf\\351.cfg')\"", prepare: copy("argument-order")
    ),
    HostileCase(
      "in the list of a data set", "data check d.data", status: 0, absent: ["there is no"],
      limit: latin + " && cp a.txt \"$(printf 'caf\\351.txt')\""
        + " && printf 'caf\\351.jpg\\n' > train.txt",
      prepare: copy("argument-order")),
    HostileCase(
      "a name with a line end and an escape sequence",
      ["detect", "net.cfg", "w.weights", "a\n\u{1B}[2J.jpg"], status: 66,
      stderr: ["a\u{240A}\u{241B}[2J.jpg: "], absent: ["\u{1B}"],
      prepare: copy("argument-order")),
    HostileCase(
      "a NUL in a list", "detect net.cfg w.weights @l.txt", status: 65, stderr: ["binary file"],
      prepare: { folder in
        try copy("argument-order")(folder)
        try folder.write(Array("a.jpg\0.png\n".utf8), to: "l.txt")
      }),
    HostileCase(
      "a NUL on stdin", "detect net.cfg w.weights -", status: 65, stderr: ["NUL"],
      stdin: "a.jpg\0b\n", prepare: copy("argument-order")),
    HostileCase(
      "a very long path", ["lint", String(repeating: "d/", count: 5000) + "x.cfg"], status: 65,
      stderr: ["name too long"],
      check: { _, result in result.stderr.utf8.count < 2000 ? nil : "\(result.stderr.utf8.count)" }),
  ]

  // MARK: Inputs of other kinds

  private static let otherInputs = [
    HostileCase(
      "nothing on stdin", "detect \(network) -", status: 65, stderr: ["stdin held no path"]),
    HostileCase(
      "a URL", ["detect", "net.cfg", "w.weights", "https://example.com/a.jpg?b=*"], status: 65,
      stderr: ["this is an address", "curl -fLO 'https://example.com/a.jpg?b=*'"],
      prepare: copy("argument-order")),
    HostileCase(
      "a video", "detect net.cfg w.weights v.mp4", status: 65,
      stderr: ["this is a video", "ffmpeg -i "],
      prepare: { folder in
        try copy("argument-order")(folder)
        try folder.write([0, 0, 0, 24] + Array("ftypisom".utf8), to: "v.mp4")
      }),
    HostileCase(
      "a list as a picture", "detector test net.data net.cfg net.weights list.txt", status: 65,
      stderr: ["penumbra detector test net.data net.cfg net.weights < list.txt"],
      prepare: copy("list-as-picture")),
  ]

  /// Copies the files of a report into the folder.
  private static func copy(_ report: String) -> @Sendable (TemporaryFolder) throws -> Void {
    { folder in
      let files = FileManager.default
      let source = HostileCase.folder + "/reports/" + report
      for name in try files.contentsOfDirectory(atPath: source) {
        try files.copyItem(atPath: source + "/" + name, toPath: folder.file(name))
      }
    }
  }
}
