import Foundation
import TestSupport
import Testing

/// Runs that end in the middle, and runs that write the same file.
struct KilledWriters {
  let writing: WritingFolder

  init() throws { writing = try WritingFolder() }

  /// Runs a shell script in which `"$0"` is the command.
  private func shell(_ script: String) throws -> CommandResult {
    try TestSupport.run(
      ["/bin/sh", "-c", "cd \"$1\" && \(script)", try builtProgram(), writing.folder.path],
      seconds: 600)
  }

  private var leftovers: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: writing.folder.path)
        .filter { $0.hasPrefix(".penumbra-") }
    }
  }

  @Test(arguments: ["csv", "jsonl", "json"])
  func `a killed run leaves the old file, and the next one cleans up`(format: String) throws {
    try writing.folder.write("old", to: "result")
    // The run waits for pictures; it is killed once it has seen some and its file is under way.
    _ = try shell(
      """
      mkfifo paths; "$0" detect net.cfg net.weights - --format \(format) --out result <paths &
      exec 3>paths; for i in 1 2 3 4 5 6 7 8; do echo a.ppm >&3; done
      until ls .penumbra-*.part; do :; done >/dev/null 2>&1
      kill -9 $!; wait $!; exec 3>&-
      """)
    #expect(writing.folder.text("result") == "old")
    #expect(try leftovers.count == 1)
    let next = try writing.run(
      "detect net.cfg net.weights a.ppm --format \(format) --out result")
    #expect(next.exitCode == 0)
    #expect(try leftovers.isEmpty)
    #expect(writing.folder.text("result") != "old")
  }

  @Test func `of two runs into one file one wins whole`() throws {
    _ = try shell(
      """
      "$0" detect net.cfg net.weights @a.txt --format csv --out result &
      "$0" detect net.cfg net.weights @a.txt --format darknet --out result; wait
      """)
    let csv = try writing.run("detect net.cfg net.weights @a.txt --format csv").stdout
    let darknet = try writing.run("detect net.cfg net.weights @a.txt --format darknet").stdout
    #expect([csv, darknet].contains(writing.folder.text("result")))
    #expect(try leftovers.isEmpty)
  }

  /// As of any tool in a pipeline: no message, and the status of a broken pipe.
  @Test(arguments: [
    "inspect net.cfg", "sections --markdown", "--help", "weights net.cfg net.weights",
  ])
  func `ends quietly when nobody reads`(line: String) throws {
    let result = try shell(
      """
      mkfifo gone; { read -r word <gone; "$0" \(line); echo $? >status; } | { exec <&-; echo x >gone; }
      """)
    #expect(writing.folder.text("status") == "141\n")
    #expect(result.stderr == "")
  }

  @Test func `what is printed before a reader goes is there`() throws {
    let result = try shell("\"$0\" sections --markdown | head -1")
    #expect(result.stdout.split(separator: "\n").count == 1)
    #expect(result.stderr == "")
  }

  @Test func `removes what a killed training left`() throws {
    try writing.folder.write("half", to: "runs/.penumbra-0123456789abcdef.part")
    let result = try writing.run("train net.cfg set.data --iterations 1 --no-html --output runs")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: writing.folder.file("runs"))
        .allSatisfy { !$0.hasPrefix(".penumbra-") })
  }

  @Test func `removes what a killed rendering left`() throws {
    try writing.folder.write("half", to: "cells/.penumbra-0123456789abcdef.part/images/a.jpg")
    let result = try writing.run("data synth --output cells --count 1 --val 0 --size 64x64")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: writing.folder.file("cells"))
        .allSatisfy { !$0.hasPrefix(".") })
  }
}
