import Foundation
import TestSupport

/// Names and bytes of files in what commands print.
extension HostileCase {
  static let reportNames = json + headings + [lowered] + terminal

  private static func isJSON(_ result: CommandResult) -> String? {
    (try? JSONSerialization.jsonObject(with: Data(result.stdout.utf8))) == nil
      ? "no JSON: \(result.stdout.prefix(300))" : nil
  }

  /// `--json` of files whose names are not UTF-8; the shell makes the names.
  private static let json = [
    ("evaluate", "mv net.cfg \"$raw\" && set -- \"$1\" evaluate \"$raw\" net.weights set.data", 0),
    (
      "evaluate of data",
      "mv set.data \"$raw\" && set -- \"$1\" evaluate net.cfg net.weights \"$raw\"", 0
    ),
    ("data check", "mv set.data \"$raw\" && set -- \"$1\" data check \"$raw\"", 1),
    ("data stats", "mv set.data \"$raw\" && set -- \"$1\" data stats \"$raw\"", 0),
    ("zoo check", "mv zoo \"$raw\" && set -- \"$1\" zoo check \"$raw\"", 0),
    ("zoo check of a cfg", "mv zoo/net.cfg \"zoo/$raw\" && set -- \"$1\" zoo check zoo", 1),
  ].map { name, shell, status in
    HostileCase(
      "JSON of a path that is not UTF-8: \(name)", [], status: status, absent: ["\\xE9\""],
      limit: "raw=$(printf 'c\\351') && \(shell) --json",
      prepare: { folder in
        let writing = try WritingFolder(filling: folder)
        if name.hasPrefix("zoo") { try writing.addRecord() }
      },
      check: { _, result in isJSON(result) })
  }

  /// A name that holds a line feed stays on its line.
  private static let headings = [
    (
      "train", ["nl\nx.cfg", "set.data", "--iterations", "1", "--output", "s"],
      ["weights  s/nl\u{240A}x_final"], []
    ),
    (
      "calibrate", ["nl\nx.cfg", "net.weights", "a.ppm", "--out", "nl\nc.json"], [],
      ["nl\u{240A}c.json"]
    ),
    ("evaluate", ["nl\nx.cfg", "net.weights", "set.data"], ["nl\u{240A}x.cfg"], []),
  ].map { command, arguments, stdout, stderr in
    HostileCase(
      "a line feed in the heading of \(command)", [command] + arguments, status: 0, stderr: stderr,
      stdout: stdout, absent: ["nl\n"],
      prepare: { folder in
        _ = try WritingFolder(filling: folder)
        try folder.write(folder.bytes("net.cfg"), to: "nl\nx.cfg")
      })
  }

  private static let lowered = HostileCase(
    "a comment in Latin-1 is the same on stdout and in a file", ["lower", "net.cfg"], status: 0,
    limit: "\"$1\" lower net.cfg --output file && exec >printed",
    prepare: { folder in
      _ = try WritingFolder(filling: folder)
      let comment = Array("# caf".utf8) + [0xE9, 0x0A]
      try folder.write(comment + folder.bytes("net.cfg"), to: "net.cfg")
    },
    check: { folder, _ in
      let (file, printed) = (try folder.bytes("file"), try folder.bytes("printed"))
      return file == printed && file.contains(0xE9) ? nil : "\(file.count), \(printed.count) bytes"
    })

  /// What a terminal would obey; `script` gives the command one.
  private static let terminal =
    !FileManager.default.isExecutableFile(atPath: "/usr/bin/script")
    ? []
    : [
      HostileCase(
        "CSV on a terminal", [], status: 0, stdout: ["a\u{241B}[31m\u{FFFD}.ppm"],
        absent: ["\u{1B}[31m", "\u{202E}"],
        limit:
          "set -- script -qec \"'$1' detect net.cfg net.weights a*.ppm --format csv\" /dev/null",
        prepare: { folder in
          _ = try WritingFolder(filling: folder)
          try folder.write(folder.bytes("a.ppm"), to: "a\u{1B}[31m\u{202E}.ppm")
        }),
      HostileCase(
        "the colours of lint on a terminal", [], status: 65, stdout: ["\u{1B}["],
        absent: ["\u{241B}"],
        limit: "set -- env -u NO_COLOR TERM=xterm script -qec \"'$1' lint broken.cfg\" /dev/null",
        prepare: { try $0.write("[net]\nwidth=x\n", to: "broken.cfg") }),
    ]
}
