import Foundation
import TestSupport

/// What a cfg names, how it is encoded, what it is mistaken for, and what is said of it.
extension HostileCase {
  static let cfgText: [HostileCase] =
    companions + encodings + otherFiles + otherWeights + otherTexts + advice
    + refusedInTraining + misspeltKeys + foreignModels

  // MARK: What a cfg names

  private static let layers = "[net]\ninputs=3\n[softmax]\ntree="

  private static let companions: [HostileCase] = [
    HostileCase(
      "a tree that is the environment", "lint @hostile/tree3.cfg", status: 0,
      stdout: ["it lies outside of the folder of the cfg", "--allow-outside"], absent: ["PATH="]),
    HostileCase(
      "the environment, with permission", "lint @hostile/tree3.cfg --allow-outside", status: 0,
      absent: ["PATH="]),
    HostileCase(
      "a tree that is the environment, in a run",
      "detect @hostile/tree3.cfg --weights-seed 1 @reports/utf16/a.jpg", status: 65,
      stderr: ["it lies outside of the folder of the cfg"], absent: ["PATH="]),
    HostileCase(
      "a tree that a terminal would obey", "lint @hostile/tree-evil.cfg", status: 0,
      stdout: ["line 2 is not a name and a number"],
      absent: ["\u{1B}", "\u{7}", "pwned", "secret"]),
    HostileCase(
      "the same in JSON", "lint @hostile/tree-evil.cfg --json", status: 0,
      absent: ["\u{1B}", "\u{7}", "secret"]),
    HostileCase(
      "a tree by a link that leads away", "lint net.cfg", status: 0,
      stdout: ["it lies outside of the folder of the cfg"], absent: ["root"]
    ) {
      try $0.write(layers + "passwd", to: "net.cfg")
      try FileManager.default.createSymbolicLink(
        atPath: $0.file("passwd"), withDestinationPath: "/etc/passwd")
    },
    HostileCase(
      "a tree that is a device, with permission", "lint net.cfg --allow-outside", status: 0,
      stdout: ["a regular file was expected"], maxResidentMiB: 200
    ) { try $0.write(layers + "/dev/zero", to: "net.cfg") },
    HostileCase(
      "a tree that is a secret, with permission", "inspect net.cfg --allow-outside", status: 65,
      stderr: ["line 1 is not a name and a number"], absent: ["hunter2"]
    ) {
      try $0.write("password:hunter2\n", to: "secret.txt")
      try $0.write(layers + $0.file("secret.txt"), to: "net.cfg")
    },
    HostileCase(
      "names of keys and values that a terminal would obey", "lint net.cfg", status: 65,
      stdout: ["no section is called"],
      absent: ["\u{1B}", "\u{7}", "\u{9B}", "\u{202E}", "\u{200F}", "\u{2028}"]
    ) {
      try $0.write(
        "[net]\nwidth=8\nheight=8\nchannels=3\n[\u{1B}]0;x\u{7}\u{202E}\u{9B}]\n"
          + "\u{1B}[31m\u{200F}\u{2028}=\u{1B}[0m\u{9B}1\n", to: "net.cfg")
    },
  ]

  // MARK: Encodings

  private static let encodings: [HostileCase] =
    [
      HostileCase("a cfg in UTF-16", "lint @reports/utf16/u16.cfg", status: 0),
      HostileCase(
        "a cfg and names in UTF-16",
        "detect @reports/utf16/u16.cfg --weights-seed 1 @reports/utf16/a.jpg --names n.names"
          + " --thresh 0.01 --format jsonl", status: 0, stdout: ["größe"],
        absent: ["\0", "\\u0000"]
      ) { try $0.write(utf16("größe\r\ngröße\r\ngröße\r\n"), to: "n.names") },
      HostileCase(
        "names in UTF-16 without a mark",
        "detect @reports/utf16/good.cfg --weights-seed 1 @reports/utf16/a.jpg --names n.names",
        status: 65, stderr: ["text in UTF-16 without a byte order mark", "save it as UTF-8"]
      ) { try $0.write(Array(utf16("a\nb\nc\n").dropFirst(2)), to: "n.names") },
      HostileCase(
        "a cfg in UTF-16 without a mark", "lint net.cfg", status: 65,
        stdout: ["text in UTF-16 without a byte order mark", "save it as UTF-8"]
      ) { try $0.write(Array(utf16("[net]\nwidth=32\n").dropFirst(2)), to: "net.cfg") },
      HostileCase(
        "a .data file, its list and its names in UTF-16", "data check d.data", status: 0,
        stdout: ["1 image, 1 box", "größe 1"]
      ) {
        try $0.write(utf16("train = l.txt\r\nnames = n.names\r\n"), to: "d.data")
        try $0.write(utf16("\(folder)/reports/no-valid/a.jpg\r\n"), to: "l.txt")
        try $0.write(utf16("größe\r\nb\r\nc\r\n"), to: "n.names")
      },
    ]

  private static func utf16(_ text: String) -> [UInt8] {
    [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
  }

  // MARK: Files of another kind

  /// Files of other kinds, by the name under which `prepare` writes them, and what they look like.
  private static let others: [(String, String)] = [
    ("page.html", "a web page"), ("pointer", "a Git LFS pointer"), ("net.zip", "an archive"),
    ("net.json", "a JSON file"), ("list.txt", "a list of pictures"),
    ("@reports/not-a-cfg/net.weights", "a weights file"),
    ("@reports/not-a-cfg/a.jpg", "a picture"), ("@reports/not-a-cfg/net.names", "plain text"),
    ("@reports/not-a-cfg/net.data", "a .data file"),
  ]

  private static func writeOthers(_ folder: TemporaryFolder) throws {
    try folder.write(
      "<!DOCTYPE html>\n<html>\n" + String(repeating: "<p a=1>\n", count: 500),
      to: "page.html")
    try folder.write("version https://git-lfs.github.com/spec/v1\nsize 9\n", to: "pointer")
    try folder.write([0x50, 0x4B, 3, 4] + (0..<4000).map { UInt8($0 & 0xFF) }, to: "net.zip")
    try folder.write("{\n\"net\": [1]}\n", to: "net.json")
    try folder.write("a.jpg\nb.jpg\n", to: "list.txt")
  }

  /// One problem: a line that says it, one that helps, and perhaps a line of counts.
  private static func isShort(_ folder: TemporaryFolder, _ result: CommandResult) -> String? {
    let lines = (result.stdout + result.stderr).split(separator: "\n")
    return lines.count <= 3 ? nil : "\(lines.count) lines: \(lines.prefix(5))"
  }

  private static func other(_ name: String, _ line: String, _ kind: String) -> HostileCase {
    HostileCase(
      name, line, status: 65, absent: ["[missing-equals]"], prepare: { try writeOthers($0) },
      check: { folder, result in
        let text = result.stdout + result.stderr
        guard text.contains("this looks like \(kind)") else { return "not recognised: \(text)" }
        if kind.hasPrefix("a Git LFS"), !text.contains("git lfs pull") { return "no git lfs pull" }
        return isShort(folder, result)
      })
  }

  /// FILE is the cfg.
  private static let commands = [
    "lint FILE", "inspect FILE", "lower FILE", "weights FILE", "bench FILE --iterations 1",
    "trace FILE --out o", "detect FILE --weights-seed 1 a.jpg",
    "detect FILE @reports/not-a-cfg/net.weights a.jpg", "classify FILE --weights-seed 1 a.jpg",
    "calibrate FILE --weights-seed 1 a.jpg --out c.json", "train FILE d.data",
    "evaluate FILE --weights-seed 1 d.data", "anchors d.data --cfg FILE",
    "data stats d.data --cfg FILE", "compare FILE w a.jpg --precision bf16",
    "detector test @reports/no-valid/d.data FILE w a.jpg", "detector train d.data FILE",
    "detector map @reports/no-valid/d.data FILE w",
    "classifier predict @reports/no-valid/d.data FILE w a.jpg",
  ]

  private static let otherFiles = commands.flatMap { command in
    others.map { file, kind in
      other("\(kind) as a cfg: \(command)", command.replacing("FILE", with: file), kind)
    }
  }

  private static let otherWeights = [
    "detect @reports/utf16/good.cfg FILE @reports/utf16/a.jpg",
    "weights @reports/utf16/good.cfg FILE",
    "evaluate @reports/utf16/good.cfg FILE @reports/no-valid/d.data",
    "bench @reports/utf16/good.cfg --weights FILE --iterations 1",
    "train @reports/utf16/good.cfg @reports/no-valid/d.data --from FILE --output o",
  ].flatMap { command in
    (others.filter { $0.1 != "a weights file" } + [("@reports/utf16/good.cfg", "a cfg file")])
      .map { file, kind in
        other("\(kind) as weights: \(command)", command.replacing("FILE", with: file), kind)
      }
  }

  /// Names, .data files and lists, which other text than theirs may be.
  private static let otherTexts = [
    "detect @reports/utf16/good.cfg --weights-seed 1 @reports/utf16/a.jpg --names FILE",
    "detect @reports/utf16/good.cfg --weights-seed 1 @reports/utf16/a.jpg --data FILE",
    "detect @reports/utf16/good.cfg --weights-seed 1 @FILE", "data check FILE",
  ].flatMap { command in
    [
      ("page.html", "a web page"), ("pointer", "a Git LFS pointer"), ("net.zip", "an archive"),
      ("network", "a cfg file"),
    ].map { (file: String, kind: String) -> HostileCase in
      let notADataSet = file == "net.zip" && command == "data check FILE"
      let message = notADataSet ? "is no data set" : "looks like \(kind)"
      return HostileCase(
        "\(kind) as text: \(command)", command.replacing("FILE", with: file), status: 65,
        stderr: [message],
        prepare: {
          try writeOthers($0)
          try $0.write("[net]\nwidth=32\n", to: "network")
        })
    }
  }

  // MARK: Advice

  private static let advice: [HostileCase] = [
    HostileCase(
      "silu", "lint @reports/activation-alias/silu.cfg", status: 0, stdout: ["activation=swish"],
      absent: ["selu"]),
    HostileCase(
      "sigmoid", "lint @reports/activation-alias/sigmoid.cfg", status: 0,
      stdout: ["activation=logistic"]),
    HostileCase(
      "leaky_relu", "lint @reports/activation-alias/leakyrelu.cfg", status: 0,
      stdout: ["activation=leaky"]),
    HostileCase(
      "hard_swish", "lint @reports/activation-alias/hswish.cfg", status: 0,
      stdout: ["none that is the same"]),
    HostileCase(
      "layers with spaces", "lint @reports/lists-with-blanks/layers_space.cfg", status: 65,
      stdout: ["separate them with commas: layers=-1,-2"]),
    HostileCase(
      "anchors with spaces", "lint @reports/lists-with-blanks/anchors_space.cfg", status: 65,
      stdout: ["anchors=10,10,20,20,40,40"]),
    HostileCase(
      "anchors with semicolons", "lint @reports/lists-with-blanks/anchors_semicolon.cfg",
      status: 65, stdout: ["anchors=10,10,20,20,40,40"]),
    HostileCase(
      "an input of 4.5 strides", "lint @reports/stride-64-input/p6-288.cfg", status: 65,
      stdout: ["not a multiple of the network's stride 64: use 256 or 320"]),
    HostileCase(
      "sizes that random gives", "lint @reports/random-size-stride-64/p6.cfg", status: 0,
      stdout: ["the input becomes 224x224 in training", "resize_step=64"]),
    HostileCase(
      "sizes that random gives, trained",
      "train @reports/random-size-stride-64/p6.cfg @reports/no-valid/d.data --output o", status: 65,
      stderr: ["the input becomes 224x224 in training", "resize_step=64"],
      check: { folder, _ in folder.text("o/train.jsonl") == nil ? nil : "training began" }),
    HostileCase(
      "a step before the first iteration",
      "detector train @reports/steps-minus-one/ds/cells.data @reports/steps-minus-one/tiny-region.cfg"
        + " -dont_show -clear", status: 0, stdout: ["0.000100 rate"]),
    HostileCase(
      "four channels, checked", "lint @reports/four-channels/net.cfg", status: 0,
      stdout: ["'channels' is 4, but pictures are read with 1 channel (grey) or 3"]),
    HostileCase(
      "four channels, trained",
      "train @reports/four-channels/net.cfg @reports/four-channels/d.data --output o", status: 65,
      stderr: ["'channels' is 4, but pictures are read with 1 channel (grey) or 3"]),
    HostileCase(
      "four channels, run",
      "detect @reports/four-channels/net.cfg --weights-seed 1 @reports/four-channels/rgba.png",
      status: 65, stderr: ["'channels' is 4, but pictures are read with 1 channel (grey) or 3"]),
    HostileCase(
      "four channels, evaluated",
      "evaluate @reports/four-channels/net.cfg --weights-seed 1 @reports/four-channels/d.data"
        + " --part train",
      status: 65, stderr: ["'channels' is 4, but pictures are read with 1 channel (grey) or 3"]),
  ]
}
