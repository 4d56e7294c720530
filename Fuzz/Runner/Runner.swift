import Foundation
import PenumbraFuzzing

/// `penumbra-fuzz`: lists the targets, writes what they start from, and feeds them files or, built by
/// `scripts/fuzz`, whatever libFuzzer finds.
@main
enum Runner {
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let command = arguments.first else { usage() }
    if command == "list" {
      for target in FuzzTarget.all { print(target.name) }
      return
    }
    guard arguments.count >= 2,
      let target = FuzzTarget.all.first(where: { $0.name == arguments[1] })
    else { usage() }
    let rest = Array(arguments.dropFirst(2))
    switch command {
    case "seeds" where rest.count == 1: write(target.seeds(), of: target, into: rest[0])
    case "dictionary": for word in target.dictionary { print(quoted(word)) }
    case "replay": replay(target, rest)
    case "mutate" where rest.count == 3: mutate(target, rest)
    case "run": fuzz(target, rest)
    default: usage()
    }
    ScratchFiles.remove()
  }

  private static func usage() -> Never {
    say(
      """
      usage: penumbra-fuzz list
             penumbra-fuzz seeds TARGET FOLDER
             penumbra-fuzz dictionary TARGET
             penumbra-fuzz replay TARGET [FILE|FOLDER]...   the target's seeds, then the files
             penumbra-fuzz mutate TARGET COUNT SEED FILE    seeds with changes; FILE has the last one
             penumbra-fuzz run TARGET [ARGUMENTS OF LIBFUZZER]
      """)
    exit(64)
  }

  private static func write(_ seeds: [[UInt8]], of target: FuzzTarget, into folder: String) {
    for (index, seed) in seeds.enumerated() {
      let file = URL(fileURLWithPath: "\(folder)/seed-\(target.name)-\(index)")
      do { try Data(seed).write(to: file) } catch { fatalError("\(file.path): \(error)") }
    }
  }

  /// A word as libFuzzer's dictionaries have it.
  private static func quoted(_ word: String) -> String {
    let bytes = word.utf8.map { byte in
      (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        ? String(UnicodeScalar(byte))
        : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return "\"\(bytes.joined())\""
  }

  /// Names each input before it is read, so that the last name is that of the one that failed.
  private static func replay(_ target: FuzzTarget, _ paths: [String]) {
    for (index, seed) in target.seeds().enumerated() {
      say("\(target.name): seed \(index)")
      _ = target.run(seed)
    }
    for file in paths.flatMap(files) {
      guard let bytes = FileManager.default.contents(atPath: file) else {
        say("\(file): it cannot be read")
        exit(66)
      }
      say("\(target.name): \(file)")
      _ = target.run(Array(bytes))
    }
  }

  /// The file, or the files of the folder; none where there is nothing.
  private static func files(_ path: String) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      return FileManager.default.fileExists(atPath: path) ? [path] : []
    }
    return names.sorted().filter { !$0.hasPrefix(".") }.map { path + "/" + $0 }
  }

  /// Writes each input down before it is read.
  private static func mutate(_ target: FuzzTarget, _ arguments: [String]) {
    guard let count = Int(arguments[0]), let seed = UInt64(arguments[1]) else { usage() }
    let (seeds, file) = (target.seeds(), URL(fileURLWithPath: arguments[2]))
    for number in 0..<UInt64(max(0, count)) {
      let bytes = target.changed(seeds, seed: seed &* 0xD129_42F0_4F17_91C5 &+ number)
      do { try Data(bytes).write(to: file) } catch { fatalError("\(file.path): \(error)") }
      _ = target.run(bytes)
    }
    say("\(target.name): \(count) inputs of seed \(seed) read")
  }

  private static func fuzz(_ target: FuzzTarget, _ arguments: [String]) {
    #if FUZZING
      LibFuzzer.run(target, arguments)
    #else
      say("this program was built without libFuzzer: use 'make fuzz TARGET=\(target.name)'")
      exit(64)
    #endif
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
