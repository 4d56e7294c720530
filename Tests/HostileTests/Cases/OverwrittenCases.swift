import Foundation
import Synchronization
import TestSupport

extension HostileCase {
  /// Results in the place of what the run reads, of other results, and of what is no file: each is
  /// refused, and every file stays as it was.
  static let overwritten = named + ofOthers + streams + training + late + redirected

  static let inputs = "which the result would overwrite"

  static func prepareInputs(_ folder: TemporaryFolder) throws {
    _ = try WritingFolder(filling: folder)
    try folder.write(
      """
      [net]
      width=8
      height=8
      channels=3
      [convolutional]
      filters=7
      size=1
      activation=linear
      [region]
      classes=2
      num=1
      anchors=2,2
      softmax=1
      tree=my.tree
      map=my.map

      """, to: "tree.cfg")
    try folder.write("a -1\nb -1\n", to: "my.tree")
    try folder.write("0\n1\n", to: "my.map")
    try folder.write(
      """
      {"images":[{"id":1,"file_name":"a.ppm","width":8,"height":4}],
      "categories":[{"id":1,"name":"person"}],
      "annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,3,2],"area":6,"iscrowd":0}]}
      """, to: "coco.json")
    try folder.write(
      "[{\"image_id\":1,\"category_id\":1,\"bbox\":[1,1,3,2],\"score\":0.9}]", to: "found.json")
    try folder.write(
      """
      <annotation><filename>a.ppm</filename><size><width>8</width><height>4</height></size>\
      <object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>3</ymax>\
      </bndbox></object></annotation>
      """, to: "voc/VOC2007/Annotations/a.xml")
    try folder.write("a.ppm\n", to: "stdin.txt")
    try folder.write("names = three.names\n", to: "classes.data")
    try folder.write([UInt8](repeating: 0, count: 12_288), to: "in.f32")
  }

  /// What the files of each case held before its run.
  private static let before = Mutex<[String: [String: Data]]>([:])

  private static func makeFolder(of path: String) throws {
    try FileManager.default.createDirectory(
      at: URL(fileURLWithPath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
  }

  /// What each file and link of a folder holds, and which pipes there are.
  private static func snapshot(_ folder: TemporaryFolder) -> [String: Data] {
    let manager = FileManager.default
    let names = (try? manager.subpathsOfDirectory(atPath: folder.path)) ?? []
    return Dictionary(
      uniqueKeysWithValues: names.map { name in
        let path = folder.file(name)
        if let link = try? manager.destinationOfSymbolicLink(atPath: path) {
          return (name, Data(link.utf8))
        }
        var status = stat()
        let isRegular = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        return (name, isRegular ? manager.contents(atPath: path) ?? Data() : Data("no file".utf8))
      })
  }

  /// A run that is refused, and changes no file that is there.
  static func refused(
    _ line: String, _ message: String = inputs, shell: String? = nil, stdin: String = "",
    links: [String: String] = [:], pipes: [String] = [], status: Int32 = 73
  ) -> HostileCase {
    HostileCase(
      "refused: \(line) \(shell ?? "") \(links) \(pipes)", line, status: status, stderr: [message],
      stdin: stdin, limit: shell,
      prepare: { folder in
        try prepareInputs(folder)
        for (link, destination) in links {
          try makeFolder(of: folder.file(link))
          try makeLink(folder.file(link), destination)
        }
        for pipe in pipes {
          try makeFolder(of: folder.file(pipe))
          mkfifo(folder.file(pipe), 0o600)
        }
        if line.hasPrefix("zoo check zoo") { try WritingFolder(filling: folder).addRecord() }
        if line.hasPrefix("compare") || line.hasPrefix("classifier") {
          let lines = [
            "trace net.cfg --weights-seed 1 --out u",
            "weights classes.cfg --seed 1 --out c.weights",
          ]
          for line in lines {
            _ = try penumbra(line.split(separator: " ").map(String.init), in: folder.path)
          }
        }
        before.withLock { $0[folder.path] = snapshot(folder) }
      },
      check: { folder, _ in
        let earlier = before.withLock { $0.removeValue(forKey: folder.path) } ?? [:]
        let changed = earlier.filter { snapshot(folder)[$0.key] != $0.value }.map(\.key)
        return changed.isEmpty ? nil : "changed: \(changed.sorted())"
      })
  }

  private static let named = [
    refused("detect tree.cfg --weights-seed 1 a.ppm --out my.tree", "a class tree of the cfg"),
    refused("detect tree.cfg --weights-seed 1 a.ppm --out my.map", "a class map of the cfg"),
    refused("lower tree.cfg --output my.map"),
    refused("weights tree.cfg --seed 1 --out my.tree"),
    refused("calibrate tree.cfg --weights-seed 1 a.ppm --out my.tree"),
    refused("inspect tree.cfg --graph x.svg", links: ["x.svg": "my.tree"]),
    refused(
      "trace tree.cfg --weights-seed 1 --out t2", links: ["t2/outputs.f32": "../my.tree"]),
    refused("zoo check . --update --size 32 --record my.tree --only tree"),
    refused(
      "evaluate --coco-truth coco.json --coco-results found.json --images p --html p/a.ppm"),
    refused("data convert voc/VOC2007 voc/VOC2007/Annotations/a.xml --to coco --force"),
    refused("data convert voc voc/VOC2007/Annotations/a.xml --to coco --force"),
    refused("data convert voc/VOC2007 voc/VOC2007/Annotations --to voc --force"),
    refused(
      "detector test net.data net.cfg net.weights a.ppm -out predictions.jpg", "two results"),
    refused(
      "detector test net.data net.cfg net.weights b.ppm -out b.txt -save_labels --overwrite",
      "two results"),
    refused(
      "detect net.cfg net.weights a.ppm --out d/a.png --annotate d", "two results",
      links: ["d/other": "nowhere"]),
  ]

  private static let ofOthers = [
    refused(
      "anchors train.txt --names net.names --cfg net.cfg --apply", "another name (a hard link)",
      shell: "ln net.cfg second.cfg"),
    refused("bench net.cfg --training --iterations 1 --dump t", "not of an earlier dump"),
    refused(
      "trace net.cfg --weights-seed 1 --out q", "another run is writing into this folder",
      shell: "mkdir q && exec 9<q && flock -n 9"),
    refused(
      "detect net.cfg net.weights a.ppm --pack-cache --out net.weights.packed",
      "the file of packed weights"),
    refused(
      "detect net.cfg net.weights a.ppm --pack-cache-dir o --out o/net.weights.packed",
      "the file of packed weights"),
    refused(
      "trace net.cfg --weights net.weights --pack-cache --out q", "the file of packed weights",
      links: ["q/outputs.f32": "../net.weights.packed"]),
  ]

  private static let streams = [
    refused("detect net.cfg net.weights - --out stdin.txt", shell: "exec <stdin.txt"),
    refused("detect net.cfg net.weights - --format yolo --overwrite", shell: "exec <b.txt"),
    refused("lower - --output net.cfg", shell: "exec <net.cfg"),
    refused(
      "lower -", "standard output: error: this is standard input",
      shell: "exec <net.cfg 1<>net.cfg"),
    refused("detect net.cfg net.weights a.ppm --out /dev/fd/7", shell: "exec 7<>net.weights"),
    refused("detect net.cfg net.weights a.ppm --out /proc/self/fd/7", shell: "exec 7<>a.ppm"),
    refused("detect net.cfg net.weights a.ppm --out /dev/stdout", shell: "exec >>net.weights"),
    refused(
      "detect net.cfg net.weights a.ppm", "standard output: error: this is the weights file",
      shell: "exec >>net.weights"),
    refused(
      "inspect net.cfg", "standard output: error: this is a cfg file",
      shell: "exec >>net.cfg"),
    refused(
      "anchors train.txt --names net.names --cfg /dev/fd/7 --apply", "a descriptor",
      shell: "exec 7<>net.cfg"),
    refused(
      "anchors train.txt --names net.names --cfg /dev/stdin --apply", "a descriptor",
      shell: "exec <net.cfg"),
    refused(
      "detect net.cfg net.weights a.ppm --annotate n --overwrite", "a pipe, a device",
      links: ["n/a.png": "/dev/null"]),
    refused(
      "detect net.cfg net.weights a.ppm --annotate n --overwrite", "a pipe, a device",
      pipes: ["n/a.png"]),
    HostileCase(
      "a descriptor of a longer file", "detect net.cfg net.weights a.ppm --json --out /dev/fd/7",
      status: 0, limit: "exec 7<>long",
      prepare: { folder in
        try prepareInputs(folder)
        try folder.write(String(repeating: "old ", count: 100_000), to: "long")
      },
      check: { folder, _ in
        folder.text("long")?.contains("old") == false ? nil : "the end of the old text is left"
      }),
  ]

  private static let training = [
    refused(
      "train net.cfg set.data --iterations 7 --save-every 7 --output s", "s/net_7.weights",
      links: ["s/net_7.weights": "../drawing.svg"]),
    refused(
      "train net.cfg set.data --iterations 2 --save-every 1 --overwrite --output s",
      "the cfg file", links: ["s/net_1.weights": "../net.cfg"]),
    refused(
      "train net.cfg set.data --iterations 2 --save-every 1 --overwrite --output s",
      "a picture of the data set", links: ["s/net_2.weights": "../p/a.ppm"]),
    refused(
      "train net.cfg set.data --from x.weights --iterations 7 --save-every 7 --overwrite --output r",
      "the weights to start from", links: ["x.weights": "r/net_7.weights"]),
    refused(
      "train net.cfg set.data --iterations 2 --save-every 1 --output s --html s/../s/net_1.weights",
      "two results"),
    refused("train tree.cfg set.data --iterations 1 --output s --html my.tree"),
    refused(
      "detector train set.data net.cfg net.weights", "the weights to start from",
      links: ["backup/net_final.weights": "../net.weights"]),
    HostileCase(
      "a page of somebody else is not replaced on --resume",
      "train net.cfg set.data --iterations 2 --output s --resume", status: 73,
      stderr: ["s/train.html: the file exists, and is no page of a run"],
      prepare: { folder in
        try prepareInputs(folder)
        _ = try penumbra(
          ["train", "net.cfg", "set.data", "--iterations", "1", "--output", "s", "--no-html"],
          in: folder.path)
        try folder.write("theirs", to: "s/train.html")
      },
      check: { folder, _ in folder.text("s/train.html") == "theirs" ? nil : "it was replaced" }),
    refused(
      "train net.cfg set.data --iterations 2 --output s --overwrite", "a pipe, a device",
      pipes: ["s/net_last.state"]),
    refused(
      "train net.cfg set.data --iterations 2 --output s --overwrite", "a pipe, a device",
      pipes: ["s/train.html"]),
    refused(
      "train net.cfg set.data --iterations 2 --output s --overwrite", "a pipe, a device",
      pipes: ["s/train.jsonl"]),
  ]
}
