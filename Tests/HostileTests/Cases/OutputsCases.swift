import TestSupport

extension HostileCase {
  static let outputs: [HostileCase] =
    fullStdout + closedStdout + deafStderr + collisions + overwritten

  /// Command lines that print results, and the status with which they end.
  private static let printing: [(line: String, status: Int32)] = [
    ("detect net.cfg net.weights a.ppm", 0), ("detect net.cfg net.weights a.ppm --json", 0),
    ("detect net.cfg net.weights a.ppm --format jsonl", 0),
    ("detect net.cfg net.weights a.ppm missing.ppm --format csv", 66),
    ("classify classes.cfg --weights-seed 1 a.ppm", 0),
    ("detector test net.data net.cfg net.weights a.ppm", 0),
    ("inspect net.cfg", 0), ("inspect net.cfg --json", 0), ("lint net.cfg --json", 0),
    ("lint net.cfg --format sarif", 0), ("lint broken.cfg", 65), ("sections", 0),
    ("sections yolo", 0), ("sections --markdown", 0), ("lower net.cfg", 0),
    ("weights net.cfg net.weights", 0), ("weights net.cfg net.weights --json", 0),
    ("data check set.data", 1), ("data stats set.data", 0), ("data stats set.data --json", 0),
    ("anchors train.txt --num 1", 0), ("evaluate net.cfg net.weights set.data", 0),
    ("evaluate net.cfg net.weights set.data --json", 0), ("zoo check zoo", 0),
    ("zoo check zoo --json", 0), ("zoo check zoo --markdown -", 0),
    ("compare trace trace", 0), ("--help", 0), ("help detect", 0), ("--version", 0),
    ("--generate-completion-script bash", 0),
  ]

  private static func prepare(_ folder: TemporaryFolder) throws {
    _ = try WritingFolder(filling: folder)
    try folder.write(
      "[net]\nwidth=32\nheight=32\nchannels=3\n[route]\nlayers=7\n", to: "broken.cfg")
  }

  /// The same with what one command line needs and others do not.
  private static func prepare(for line: String) -> @Sendable (TemporaryFolder) throws -> Void {
    { folder in
      try prepare(folder)
      let writing = try WritingFolder(filling: folder)
      if line.hasPrefix("zoo") { try writing.addRecord() }
      if line.hasPrefix("compare") { try writing.run("trace net.cfg --weights-seed 1 --out trace") }
    }
  }

  private static let fullStdout = printing.map { line, _ in
    HostileCase(
      "full stdout: \(line)", line, status: 73,
      stderr: ["standard output: error:", "no space left"],
      limit: "exec >/dev/full", prepare: prepare(for: line))
  }

  private static let closedStdout = printing.map { line, _ in
    HostileCase(
      "closed stdout: \(line)", line, status: 73, stderr: ["standard output: error:", "closed"],
      limit: "exec >&-", prepare: prepare(for: line))
  }

  /// Notes that nobody can hear end nothing, and change no result.
  private static let deafStderr = ["2>&-", "2>/dev/full", "2>&- <&-"].flatMap { stderr in
    printing.map { line, status in
      HostileCase(
        "\(stderr): \(line)", line, status: status, limit: "exec \(stderr)",
        prepare: prepare(for: line),
        check: { folder, result in
          result.stdout.isEmpty ? "nothing was printed" : nil
        })
    }
  }

  // MARK: Files in the way

  private static let collisions = [
    HostileCase(
      "a label file that somebody wrote", "detect net.cfg net.weights p/a.ppm --format yolo",
      status: 73, stderr: ["p/a.txt: error: the file exists", "--overwrite"], prepare: prepare,
      check: { folder, _ in unchanged(folder, "p/a.txt", "1 0.5 0.5 0.25 0.5\n") }),
    HostileCase(
      "a label file for training that somebody wrote",
      "detector test net.data net.cfg net.weights p/a.ppm -save_labels",
      status: 73, stderr: ["p/a.txt: error: the file exists"], prepare: prepare,
      check: { folder, _ in unchanged(folder, "p/a.txt", "1 0.5 0.5 0.25 0.5\n") }),
    HostileCase(
      "the last picture's label is in the way: nothing is written before",
      "detect net.cfg net.weights b.ppm a.ppm --format yolo --out-dir o", status: 73,
      stderr: ["o/a.txt: error: the file exists"], prepare: prepare,
      check: { folder, _ in folder.text("o/b.txt") == nil ? nil : "o/b.txt was written" }),
    HostileCase(
      "labels are replaced where that is asked for",
      "detect net.cfg net.weights p/a.ppm --format yolo --thresh 0 --overwrite", status: 0,
      prepare: prepare,
      check: { folder, _ in
        folder.text("p/a.txt") == "1 0.5 0.5 0.25 0.5\n" ? "p/a.txt is as before" : nil
      }),
    HostileCase(
      "two pictures of one name",
      "detect net.cfg net.weights a.ppm p/a.ppm ./a.ppm"
        + " --format yolo --out-dir new --annotate drawn", status: 0,
      stderr: ["new/a.txt is taken, writing new/a-2.txt"], prepare: prepare,
      check: { folder, _ in
        let names = folder.files.filter { $0.hasPrefix("new/") || $0.hasPrefix("drawn/") }
        return names == [
          "drawn/a-2.png", "drawn/a-3.png", "drawn/a.png", "new/a-2.txt", "new/a-3.txt",
          "new/a.txt",
        ] ? nil : "\(names)"
      }),
    HostileCase(
      "an annotated picture is in the way",
      "detect net.cfg net.weights a.ppm --annotate drawn", status: 73,
      stderr: ["drawn/a.png: error: the file exists"],
      prepare: { folder in
        try prepare(folder)
        try folder.write("mine", to: "drawn/a.png")
      },
      check: { folder, _ in unchanged(folder, "drawn/a.png", "mine") }),
    HostileCase(
      "weights of somebody else in the folder of a run",
      "train net.cfg set.data --iterations 1 --output r", status: 73,
      stderr: ["error: r/net_last.weights: the file exists", "--overwrite"], prepare: prepare),
    HostileCase(
      "two results of one name", "evaluate net.cfg net.weights set.data --html x --results ./x",
      status: 73, stderr: ["two results of this run would have this name"], prepare: prepare,
      check: { folder, _ in folder.text("x") == nil ? nil : "x was written" }),
    HostileCase(
      "anchors through a link", "anchors train.txt --cfg link.cfg --apply", status: 0,
      prepare: { folder in
        try prepare(folder)
        try makeLink(folder.file("link.cfg"), "net.cfg")
        try setMode(folder.file("net.cfg"), 0o600)
      },
      check: { folder, _ in
        guard try mode(folder.file("net.cfg")) == 0o600 else { return "the mode changed" }
        guard isLink(folder.file("link.cfg")) else { return "the link is gone" }
        return folder.text("net.cfg")?.contains("anchors=16,8, 8,24") == true
          ? "the anchors are as before" : nil
      }),
  ]

  private static func unchanged(_ folder: TemporaryFolder, _ name: String, _ text: String)
    -> String?
  {
    folder.text(name) == text ? nil : "\(name) holds \(folder.text(name) ?? "nothing")"
  }
}
