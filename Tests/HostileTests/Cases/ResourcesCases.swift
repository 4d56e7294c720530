import Foundation
import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Pipes, devices, files that change while they are read, and processes with little of everything.
extension HostileCase {
  static let resources: [HostileCase] = pipesAndDevices + fewResources

  private static let net = "@reports/list-as-picture/net.cfg"
  private static let weights = "@reports/list-as-picture/net.weights"
  private static let picture = "@reports/list-as-picture/a.jpg"

  private static let pipesAndDevices: [HostileCase] = [
    HostileCase(
      "a list that names a pipe", "detect \(net) \(weights) @list.txt", status: 65,
      stderr: ["pipe: error: this is a pipe or a device", "name it on the command line"],
      prepare: { try pipe($0, list: "pipe") }),
    HostileCase(
      "a list that names a device", "detect \(net) \(weights) @list.txt", status: 65,
      stderr: ["/dev/zero: error: this is a pipe or a device"],
      prepare: { try $0.write("/dev/zero\n", to: "list.txt") }),
    HostileCase(
      "a path on stdin that is a device", "detect \(net) \(weights) -", status: 65,
      stderr: ["/dev/zero: error: this is a pipe or a device"], stdin: "/dev/zero\n"),
    HostileCase(
      "a folder with a pipe and a link to a device", "detect \(net) \(weights) folder", status: 65,
      stderr: ["folder/a.jpg: error: this is a pipe", "folder/b.png: error: this is a pipe"],
      prepare: { folder in
        try folder.write("", to: "folder/c.txt")
        _ = mkfifo(folder.file("folder/a.jpg"), 0o600)
        symlink("/dev/zero", folder.file("folder/b.png"))
      }),
    HostileCase(
      "a training list that names a device", "data check d.data", status: 1,
      stdout: ["is a device or a pipe"],
      prepare: { folder in
        try folder.write("classes=1\ntrain=l.txt\nnames=n.names\n", to: "d.data")
        try folder.write("/dev/zero\n", to: "l.txt")
        try folder.write("cell\n", to: "n.names")
      }),
    HostileCase(
      "a picture through a pipe", "detect \(net) \(weights) pipe", status: 0,
      stdout: ["pipe: 320x240"], limit: "(cat \(folder)/reports/list-as-picture/a.jpg >pipe &)",
      prepare: { _ = mkfifo($0.file("pipe"), 0o600) }),
    HostileCase(
      "weights through a pipe", "detect \(net) pipe \(picture)", status: 0,
      stdout: ["320x240"], limit: "(cat \(folder)/reports/list-as-picture/net.weights >pipe &)",
      prepare: { _ = mkfifo($0.file("pipe"), 0o600) }),
    HostileCase(
      "a cfg through a pipe", "lint /dev/stdin", status: 0, stderr: ["1 file: 0 errors"],
      stdin: "[net]\nwidth=32\nheight=32\nchannels=3\n\n[convolutional]\nfilters=8\nsize=3\n"
        + "activation=leaky\n"),
    HostileCase(
      "a device without end as a cfg", "lint /dev/zero", status: 65,
      stderr: ["larger than 16777216 bytes"], maxResidentMiB: 200),
    HostileCase(
      "a device without end as a cfg on stdin", "lint -", status: 65,
      stderr: ["larger than 16777216 bytes"], limit: "exec </dev/zero", maxResidentMiB: 200),
    HostileCase(
      "a device without end to be lowered", "lower -", status: 65,
      stderr: ["larger than 16777216 bytes"], limit: "exec </dev/zero", maxResidentMiB: 200),
    HostileCase(
      "a closed stdin as a cfg", "lint -", status: 65, stderr: ["1 error"],
      limit: "exec <&-"),
    HostileCase(
      "a device without end as a list of paths", "detect \(net) \(weights) -", status: 65,
      stderr: ["this line is no path; no more is read"], limit: "exec </dev/zero",
      maxResidentMiB: 200),
    HostileCase(
      "Darknet's questions answered by a device without end",
      "detector test d.data \(net) \(weights)", status: 65,
      stderr: ["this line is no path; no more is read"], limit: "exec </dev/zero",
      maxResidentMiB: 200,
      prepare: { folder in
        try folder.write("classes=3\nnames=n.names\n", to: "d.data")
        try folder.write("a\nb\nc\n", to: "n.names")
      }),
    HostileCase(
      "a device without end as weights", "detect \(net) /dev/zero \(picture)", status: 65,
      stderr: ["/dev/zero: error: the file cannot be read: it is larger than"],
      maxResidentMiB: 200),
    HostileCase(
      "a device without end as a picture", "detect \(net) \(weights) /dev/zero", status: 65,
      stderr: ["/dev/zero: error: the file is longer than the limit"], maxResidentMiB: 700),
    HostileCase(
      "a device without end as names", "detect \(net) \(weights) \(picture) --names /dev/zero",
      status: 65, stderr: ["/dev/zero: error:"], maxResidentMiB: 700),
    HostileCase(
      "a device without end as a data file", "data check /dev/zero", status: 65,
      stderr: ["/dev/zero"], maxResidentMiB: 700),
    HostileCase(
      "a packed cache that is a pipe", "detect \(net) net.weights \(picture) --pack-cache",
      status: 0,
      stdout: ["320x240"],
      prepare: { folder in
        try copy("net.weights", into: folder)
        _ = mkfifo(folder.file("net.weights.packed"), 0o600)
      }),
    HostileCase(
      "a packed cache that is a device",
      "detect \(net) \(weights) \(picture) --pack-cache-dir cache", status: 0,
      stdout: ["320x240"], maxResidentMiB: 200,
      prepare: { folder in
        try folder.write("", to: "cache/other")
        symlink("/dev/zero", folder.file("cache/net.weights.packed"))
      }),
    HostileCase(
      "a record of a zoo that is a pipe", "zoo check zoo", status: 65, stderr: ["zoo/zoo.json"],
      prepare: { folder in
        try folder.write("[net]\nwidth=8\nheight=8\nchannels=3\n[maxpool]\n", to: "zoo/a.cfg")
        _ = mkfifo(folder.file("zoo/zoo.json"), 0o600)
      }),
    HostileCase(
      "names next to the cfg that are a pipe", "detect net.cfg net.weights \(picture)", status: 0,
      stderr: ["net.names: this is a pipe or a device"], stdout: ["320x240"],
      prepare: { folder in
        try copy("net.cfg", into: folder)
        try copy("net.weights", into: folder)
        _ = mkfifo(folder.file("net.names"), 0o600)
      }),
    HostileCase(
      "weights that are a folder's device", "detect \(net) /dev/null \(picture)", status: 65,
      stderr: ["/dev/null: error: 0 bytes are too few for the header"]),
  ]

  private static func copy(_ name: String, into folder: TemporaryFolder) throws {
    try FileManager.default.copyItem(
      atPath: "\(Self.folder)/reports/list-as-picture/\(name)", toPath: folder.file(name))
  }

  private static func pipe(_ folder: TemporaryFolder, list: String) throws {
    _ = mkfifo(folder.file("pipe"), 0o600)
    try folder.write(list + "\n", to: "list.txt")
  }

  /// Address space in KiB, descriptors and file sizes at which something else gives out each time.
  private static let fewResources: [HostileCase] =
    [150_000, 250_000, 400_000, 1_000_000].map { kibibytes in
      HostileCase(
        "an address space of \(kibibytes) KiB and a network of 10 GB",
        "detect large.cfg --weights-seed 1 \(picture)", status: 65, stderr: ["error: "],
        limit: "ulimit -v \(kibibytes)",
        prepare: { folder in
          let layers = String(
            repeating: "[convolutional]\nfilters=20000\nsize=3\nactivation=linear\n", count: 2)
          try folder.write(
            "[net]\nwidth=64\nheight=64\nchannels=3\n\(layers)[yolo]\n", to: "large.cfg")
        })
    } + [
      HostileCase(
        "three descriptors more than the standard ones", "detect \(net) \(weights) \(picture)",
        status: 0, stdout: ["320x240"], limit: "ulimit -n 6")
    ]
}
