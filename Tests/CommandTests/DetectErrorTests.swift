import Foundation
import TestSupport
import Testing

struct DetectErrorTests {
  let tiny: TinyNetworks

  init() throws {
    tiny = try TinyNetworks()
    try tiny.folder.write("", to: "empty.ppm")
    try tiny.folder.write("P6\n8 4\n255\nxxx", to: "short.ppm")
    try tiny.folder.write("P6\n0 4\n255\n", to: "zero.ppm")
    try tiny.folder.write("P6\n99999 99999\n255\n", to: "huge.ppm")
    try tiny.folder.write("", to: "empty.txt")
    try tiny.folder.write("person\n", to: "few/few.names")
    try tiny.folder.write("classes = 2\n", to: "few/none.data")
    try tiny.folder.write("", to: "nothing/readme.md")
    let weights = FileManager.default.contents(atPath: tiny.folder.file("net.weights")) ?? Data()
    try tiny.folder.write(Array(weights.dropLast(4)), to: "short.weights")
    try tiny.folder.write(Array(weights) + [0, 0, 0, 0], to: "long.weights")
    try tiny.folder.write(
      Array(weights.prefix(20)) + Self.nan + Array(weights.dropFirst(24)), to: "nan.weights")
  }

  private static let nan: [UInt8] = [0, 0, 0xC0, 0x7F]

  typealias Case = FailingCommand

  static let cases = [
    // Flags.
    Case("detect", 64, "Missing expected argument '<cfg>'"),
    Case("detect net.cfg", 64, "Missing expected argument '<weights>'"),
    Case("detect net.cfg net.weights", 64, "name at least one picture"),
    Case("detect net.cfg net.weights a.ppm -thresh 2", 64, "--thresh is 2.0, expected 0 to 1"),
    Case("detect net.cfg net.weights a.ppm --thresh nan", 64, "--thresh is nan"),
    Case("detect net.cfg net.weights a.ppm --thresh x", 64, "'x' is invalid for '--thresh"),
    Case("detect net.cfg net.weights a.ppm -nms 1.1", 64, "--nms is 1.1, expected 0 to 1"),
    Case("detect net.cfg net.weights a.ppm --nms-kind soft", 64, "diounms"),
    Case("detect net.cfg net.weights a.ppm --max-detections 0", 64, "expected 1 or more"),
    Case("detect net.cfg net.weights a.ppm --batch 0", 64, "--batch is 0, expected 1 to 1024"),
    Case("detect net.cfg net.weights a.ppm --preset yolo", 64, "pjreddie"),
    Case("detect net.cfg net.weights a.ppm --exif maybe", 64, "ignore"),
    Case("detect net.cfg net.weights a.ppm --format xml", 64, "jsonl"),
    Case("detect net.cfg net.weights a.ppm --json --format csv", 64, "--json means"),
    Case("detect net.cfg net.weights a.ppm --out-dir o", 64, "--out-dir is for --format yolo"),
    Case("detect net.cfg net.weights a.ppm --format yolo --out o", 64, "use --out-dir DIR"),
    Case("detect net.cfg net.weights a.ppm --names a --data b", 64, "give --names or --data"),
    Case("detect net.cfg net.weights a.ppm --width 32", 64, "give both --width and --height"),
    Case("detect net.cfg net.weights a.ppm --tresh .3", 64, "--thresh"),
    // The network.
    Case("detect no.cfg net.weights a.ppm", 66, "no.cfg: error: there is no such file"),
    Case("detect net.cfg no.weights a.ppm", 66, "no.weights: error: there is no such file"),
    Case("detect few net.weights a.ppm", 65, "few: error: this is a folder"),
    Case("detect net.cfg few a.ppm", 65, "few: error: this is a folder"),
    Case(
      "detect net.weights net.cfg a.ppm", 65, "net.weights: this looks like a weights file, a cfg"),
    Case(
      "detect a.ppm net.cfg net.weights", 65, "a.ppm: this looks like a picture, a cfg file was"),
    Case(
      "detect net.cfg a.ppm net.weights", 65, "a.ppm: this looks like a picture, a weights file"),
    Case("detect net.cfg net.cfg a.ppm", 65, "net.cfg: this looks like a cfg file, a weights file"),
    Case("detect net.data net.cfg net.weights a.ppm", 65, "detector test DATA CFG WEIGHTS"),
    Case("detect net.cfg short.weights a.ppm", 65, "short.weights: error: the file ends at byte"),
    Case("detect net.cfg long.weights a.ppm", 65, "long.weights: error: 4 bytes are left over"),
    Case("detect net.cfg empty.txt a.ppm", 65, "empty.txt: error: 0 bytes are too few"),
    Case("detect net.cfg nan.weights a.ppm", 65, "computed numbers that are not finite"),
    Case("detect classifier/net.cfg classifier/net.weights a.ppm", 65, "no detection head"),
    Case("classify net.cfg net.weights a.ppm", 65, "ends in [yolo], which scores no classes"),
    // Names.
    Case("detect net.cfg net.weights a.ppm --names no.names", 66, "no.names: error: there is no"),
    Case(
      "detect net.cfg net.weights a.ppm --names few/few.names", 65, "1 names, the network has 2"),
    Case(
      "detect net.cfg net.weights a.ppm --names net.cfg", 65, "this looks like a cfg file, a list"),
    Case("detect net.cfg net.weights a.ppm --data few/none.data", 65, "there is no 'names'"),
    Case("detect net.cfg net.weights a.ppm --data net.cfg", 65, "a .data file was expected"),
    // Pictures.
    Case("detect net.cfg net.weights no.ppm", 66, "no.ppm: error: no such file"),
    Case("detect net.cfg net.weights empty.ppm", 65, "empty.ppm: error: the file is empty"),
    Case("detect net.cfg net.weights short.ppm", 65, "the PPM/PGM file ends before the picture"),
    Case("detect net.cfg net.weights zero.ppm", 65, "zero.ppm: error: "),
    Case("detect net.cfg net.weights huge.ppm", 65, "99999x99999 pixels, expected at most"),
    Case("detect net.cfg net.weights no.ppm empty.ppm", 65, "2 of 2 pictures failed"),
    Case(
      "detect net.cfg net.weights net.weights", 65, "looks like a weights file, expected a picture"),
    Case("detect net.cfg net.weights net.names", 65, "write @net.names"),
    Case("detect net.cfg net.weights nothing", 65, "nothing: there are no pictures in this folder"),
    Case("detect net.cfg net.weights x*.ppm", 66, "x*.ppm: no file has such a name"),
    Case("detect net.cfg net.weights @no.txt", 66, "no.txt: error: there is no such file"),
    Case("detect net.cfg net.weights @empty.txt", 65, "empty.txt: the list is empty"),
    // Places to write to.
    Case(
      "detect net.cfg net.weights a.ppm --out no/out.json", 73,
      "no/out.json: error: the file cannot be"),
    Case(
      "detect net.cfg net.weights a.ppm --annotate a.ppm", 73, "a.ppm: error: the folder cannot be"),
    Case(
      "detect net.cfg net.weights a.ppm --format yolo --out-dir net.cfg/o", 73,
      "net.cfg/o: error: the folder cannot be made"),
  ]

  @Test(arguments: cases)
  func `explains what is wrong`(_ test: Case) throws {
    let result = try tiny.run(test.line)
    #expect(result.exitCode == test.status, "\(result.stderr)")
    #expect(result.stderr.contains(test.message), "\(result.stderr)")
  }

  #if os(Linux)
    @Test func `says that the disk is full`() throws {
      let result = try tiny.run("detect net.cfg net.weights a.ppm --out /dev/full")
      #expect(result.exitCode == 73)
      #expect(result.stderr.contains("/dev/full: error: the file cannot be written: "))
    }
  #endif

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func `says that a folder cannot be read`() throws {
    let closed = tiny.folder.file("nothing")
    try FileManager.default.setAttributes([.posixPermissions: 0o000], ofItemAtPath: closed)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: closed)
    }
    let result = try tiny.run("detect net.cfg net.weights nothing")
    #expect(result.exitCode == 65)
    #expect(result.stderr.contains("nothing: the folder cannot be read"))
  }
}
