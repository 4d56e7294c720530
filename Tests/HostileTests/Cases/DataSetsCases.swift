import Foundation
import TestSupport

extension HostileCase {
  static let dataSets: [HostileCase] =
    dataFiles + imageLists + emptySets + names + trainingFiles + conversions

  private static let cells = "@reports/train-reorg/ds/cells.data"

  // MARK: .data files

  private static let dataFiles: [HostileCase] =
    ["quotes", "comment", "backslash", "upper"].map { kind in
      HostileCase(
        "a .data file with \(kind)", ["data", "check", "\(kind).data"], status: 0,
        stdout: ["train: 1 image, 1 box (x 1, y 0, z 0)"],
        prepare: { folder in
          try folder.copy("data-file/\(kind).data", to: "\(kind).data")
          try folder.write("x\ny\nz\n", to: "data/obj.names")
          try folder.write("../a.jpg\n", to: "data/train.txt")
          try folder.picture("a.jpg", label: "0 .5 .5 .2 .2\n")
          // 'valid' names the same list, which has a case of its own.
          let path = folder.file("\(kind).data")
          let text = try String(contentsOfFile: path, encoding: .utf8)
          let lines = text.split(separator: "\n").filter { !$0.lowercased().hasPrefix("valid") }
          try folder.write(lines.joined(separator: "\n") + "\n", to: "\(kind).data")
        })
    } + [
      HostileCase(
        "an export of CVAT in its own folder", "data check obj.data", status: 0,
        stdout: ["train: 2 images, 2 boxes (cell 2)"], limit: "cd data",
        prepare: { try $0.copy("cvat-export/data", to: "data") }),
      HostileCase(
        "an export of CVAT from elsewhere", "data check @reports/cvat-export/data/obj.data",
        status: 0, stdout: ["train: 2 images, 2 boxes (cell 2)"]),
      HostileCase(
        "an export of CVAT in a folder of another name", "data check obj.data", status: 65,
        stderr: ["'train' names a file that is not there", "help: write 'train = train.txt'"],
        limit: "cd x/y", prepare: { try $0.copy("cvat-export/export", to: "x/y") }),
      HostileCase(
        "a misspelled key", "data check d.data", status: 65,
        stderr: [
          "d.data:1: error: there is no 'train', but 'trian'", "help: write 'train = FILE'",
        ],
        prepare: { try $0.write("trian = l.txt\nclasses = 1\n", to: "d.data") }),
      HostileCase(
        "a .data file that names a pipe", "data check d.data", status: 65,
        stderr: ["pipe: error: this is a pipe or a device"], limit: "mkfifo pipe",
        prepare: { try $0.write("classes = 1\ntrain = pipe\n", to: "d.data") }),
      HostileCase(
        "a data set of another program", "data check d.yaml", status: 65,
        stderr: ["a .yaml file is no data set"],
        prepare: { try $0.write("train: images\nnc: 3\n", to: "d.yaml") }),
    ]

  // MARK: Lists

  private static let wrong = "@reports/paths-of-list-wrong"
  private static let missing = [
    "none of the 2 images listed here is there", "line 1: 'pics/a.jpg' is not there",
    "line 2: 'pics/b.jpg' is not there", "help: correct the paths in the list",
  ]

  private static let imageLists: [HostileCase] =
    [
      "train \(wrong)/net.cfg \(wrong)/d.data --output o",
      "evaluate \(wrong)/net.cfg --weights-seed 1 \(wrong)/d.data",
      "anchors \(wrong)/d.data --num 3", "anchors \(wrong)/train.txt --num 3",
      "data convert \(wrong)/d.data out.json --skip-faults",
    ].map { line in
      HostileCase(
        "a list of missing images: \(line.prefix { $0 != "@" })", line, status: 65,
        stderr: missing)
    } + [
      HostileCase(
        "a list of missing images: detector map",
        "detector map \(wrong)/d.data \(wrong)/net.cfg w.weights", status: 65, stderr: missing,
        prepare: { try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg") }),
      HostileCase(
        "a list that names some missing images", "data check l.txt", status: 1,
        stdout: [
          "l.txt:2: error: 'gone.jpg' is not there",
          "l.txt:3: error: the picture of this line is a folder",
          "l.txt:4: error: the picture of this line is a device or a pipe", "all: 1 image, 1 box",
        ], limit: "mkdir sub && mkfifo pipe",
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\n")
          try $0.write(" \"a.jpg\"\t \ngone.jpg\nsub\npipe\n", to: "l.txt")
        }),
      HostileCase(
        "a list and labels with CR alone", "data check l.txt", status: 0,
        stdout: ["all: 2 images, 3 boxes"],
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\r0 .2 .2 .1 .1\r")
          try $0.picture("b.jpg", label: "0 .5 .5 .2 .2\r\r\n")
          try $0.write("a.jpg\rb.jpg\r", to: "l.txt")
        }),
      HostileCase(
        "a list that names itself", "data check l.txt", status: 1,
        stdout: ["no label file belongs to 'l.txt'", "all: 1 image, 1 box"],
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\n")
          try $0.write("a.jpg\nl.txt\n@l.txt\n", to: "l.txt")
        }),
      HostileCase(
        "a list of millions of short lines", "data check l.txt --limit 3", status: 65,
        stderr: ["this looks like a binary file"], maxResidentMiB: 400,
        prepare: { folder in
          let lines = Array(repeating: "\n", count: 1 << 20).joined()
          try folder.write(lines + "\0", to: "l.txt")
        }),
      HostileCase(
        "a list of one line of 16 MB", "data check l.txt", status: 1,
        stdout: ["l.txt:1: error: the picture of this line is not there"],
        absent: [String(repeating: "a", count: 300)],
        maxResidentMiB: 400,
        prepare: { try $0.write(String(repeating: "a", count: 16 << 20), to: "l.txt") }),
      HostileCase(
        "folders that links lead around in", "data check pics", status: 0,
        stdout: ["all: 1 image, 1 box"],
        limit: "ln -s .. pics/up && ln -s . pics/here && ln -s ../pics pics/deep",
        prepare: { try $0.picture("pics/a.jpg", label: "0 .5 .5 .2 .2\n") }),
      HostileCase(
        "folders that links lead around in: detect",
        "detect @reports/no-valid/net.cfg w.weights pics --recursive --format csv", status: 0,
        stderr: ["leads to a folder that is searched anyway"],
        absent: ["\npics/deep/", "\npics/x/up"],
        limit: "mkdir pics/x && ln -s .. pics/x/up && ln -s ../pics pics/deep",
        prepare: {
          try $0.picture("pics/a.jpg", label: "")
          try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg")
        }),
      HostileCase(
        "a list with blanks around its names, seen from elsewhere",
        "detect @reports/no-valid/net.cfg w.weights @lists/l.txt --format csv", status: 0,
        prepare: {
          try $0.picture("lists/a.jpg", label: "")
          try $0.write("  a.jpg \t\r\n\r\n", to: "lists/l.txt")
          try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg")
        }),
    ]

  // MARK: Sets with nothing to train on, or to validate on

  private static let emptySets: [HostileCase] = [
    HostileCase(
      "anchors of images without boxes", "anchors @reports/no-boxes/l.txt --num 3", status: 65,
      stderr: ["none of 1 images has a box", "labels were looked for in"], absent: ["cfg"]),
    HostileCase(
      "training on images without boxes",
      "train @reports/no-boxes-set/net.cfg @reports/no-boxes-set/d.data --output o", status: 65,
      stderr: ["none of 1 images has a box, so there is nothing to train on", "/a.txt"],
      check: { folder, _ in
        FileManager.default.fileExists(atPath: folder.file("o")) ? "a folder was made" : nil
      }),
    HostileCase(
      "a check of images without boxes", "data check @reports/no-boxes-set/d.data", status: 1,
      stdout: ["warning: none of 1 images has a box", "[no-boxes]"]),
    HostileCase(
      "evaluation where there is no valid",
      "evaluate @reports/no-valid/net.cfg --weights-seed 1 @reports/no-valid/d.data", status: 65,
      stderr: ["there is no 'valid'", "or give --part train"]),
    HostileCase(
      "evaluation on train where that is asked for",
      "evaluate @reports/no-valid/net.cfg --weights-seed 1 @reports/no-valid/d.data --part train",
      status: 0, stdout: ["(train)"]),
    HostileCase(
      "detector map where there is no valid",
      "detector map @reports/no-valid/d.data @reports/no-valid/net.cfg w.weights", status: 0,
      stderr: ["has no 'valid': the images are those of 'train', as in Darknet"],
      prepare: { try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg") }),
    HostileCase(
      "the training list as valid", "data check d.data", status: 1,
      stdout: [
        "d.data:2: warning: 'valid' names the same images as 'train'", "1 image, 1 box",
        "3 faults: unparsable-line 1, zero-size 1, same-list 1",
      ],
      prepare: {
        try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\n0 .5 .5 0 0\nwhat\n")
        try $0.write("a.jpg\n", to: "l.txt")
        try $0.write("train = l.txt\nvalid = ./l.txt\nclasses = 1\n", to: "d.data")
      }),
  ]

  // MARK: Names of classes

  private static let names: [HostileCase] = [
    HostileCase(
      "a .data file as names: data check",
      "data check @reports/no-boxes/l.txt --names @reports/no-valid/d.data", status: 65,
      stderr: ["this looks like a .data file, a list of class names was expected", "/n.names"]),
    HostileCase(
      "a .data file as names: detect",
      "detect @reports/no-valid/net.cfg w.weights @reports/no-valid/a.jpg --names"
        + " @reports/no-valid/d.data",
      status: 65, stderr: ["this looks like a .data file, a list of class names was expected"],
      prepare: { try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg") }),
    HostileCase(
      "names of LabelImg next to labels", "data check set/images", status: 1,
      stdout: ["class 2, expected 0 to 1", "(cat 1, dog 0)"],
      prepare: {
        try $0.picture("set/images/a.jpg", label: "")
        try $0.write("0 .5 .5 .2 .2\n2 .2 .2 .1 .1\n", to: "set/labels/a.txt")
        try FileManager.default.removeItem(atPath: $0.file("set/images/a.txt"))
        try $0.write("cat\ndog\n", to: "set/labels/classes.txt")
      }),
    HostileCase(
      "names of Roboflow next to images", "data check set", status: 0, stdout: ["(cat 1, dog 0)"],
      prepare: {
        try $0.picture("set/a.jpg", label: "0 .5 .5 .2 .2\n")
        try $0.write("cat\ndog\n", to: "set/_darknet.labels")
      }),
    HostileCase(
      "names that are empty or given twice", "data check d.data", status: 1,
      stdout: ["n:2: warning: class 1 has no name", "classes 0 and 2 are both called 'cat'"],
      prepare: {
        try $0.picture("a.jpg", label: "2 .5 .5 .2 .2\n")
        try $0.write("a.jpg\n", to: "l.txt")
        try $0.write("cat\n\ncat\n", to: "n")
        try $0.write("train = l.txt\nnames = n\n", to: "d.data")
      }),
    HostileCase(
      "labels beyond all numbers", "data check l.txt", status: 1,
      stdout: [
        "a.txt:1: error: '9223372036854775808 \u{2026}'", "a.txt:2: error: class -1",
        "a.txt:3: error: '0 1e308 .5 .2 .2' has a number that is not finite",
        "a.txt:4: error: '0 inf nan .2 .2' has a number that is not finite",
        "10001 fields instead of 5", "all: 1 image, 0 boxes",
      ],
      prepare: {
        let long = Array(repeating: "0", count: 10_001).joined(separator: " ")
        try $0.picture(
          "a.jpg",
          label: "9223372036854775808 .5 .5 .2 .2\n-1 .5 .5 .2 .2\n0 1e308 .5 .2 .2\n"
            + "0 inf nan .2 .2\n\(long)\n")
        try $0.write("a.jpg\n", to: "l.txt")
      }),
  ]

  // MARK: Training

  private static let trainingFiles: [HostileCase] = [
    HostileCase(
      "statistics that are not settled at a validation",
      "train @reports/validation-overflow/deep80.cfg \(cells) --iterations 1 --output o",
      status: 0, stderr: ["not finite in validation, so that every metric is 0"],
      check: { folder, _ in
        let files = ["deep80_last.weights", "deep80_last.state", "deep80_final.weights"]
        return files.first { !FileManager.default.fileExists(atPath: folder.file("o/" + $0)) }
          .map { "\($0) is missing" }
      }),
    HostileCase(
      "a state with a negative iteration", "train @hostile/t.cfg \(cells) --output o --resume",
      status: 65, stderr: ["t_last.state: error: the file is damaged: 'iteration' is -1"],
      prepare: {
        try FileManager.default.createDirectory(
          atPath: $0.file("o"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: HostileCase.folder + "/hostile/neg.state", toPath: $0.file("o/t_last.state"))
      }),
    HostileCase(
      "training with stderr closed",
      "train @hostile/t.cfg \(cells) --output o --iterations 2 --batch 2", status: 0,
      limit: "exec 2>&-", check: { folder, _ in finished(folder) }),
    HostileCase(
      "training with a full stderr",
      "train @hostile/t.cfg \(cells) --output o --iterations 2 --batch 2", status: 0,
      limit: "exec 2>/dev/full", check: { folder, _ in finished(folder) }),
    HostileCase(
      "training whose stderr nobody reads any more",
      "train @hostile/t.cfg \(cells) --output o --iterations 2 --batch 2", status: 0,
      limit: "mkfifo p && { head -c 1 p >/dev/null & } && exec 2>p",
      check: { folder, _ in finished(folder) }),
    HostileCase(
      "weights of 80 classes for a cfg of 3", "train @hostile/t.cfg \(cells) --from w.weights",
      status: 65,
      stderr: [
        "the file fits with classes=80", "weights", "--upto 1 --out w.conv.1",
        "then train from w.conv.1",
      ],
      prepare: { try $0.weightsOf80Classes() }),
    HostileCase(
      "the advice for weights of 80 classes",
      "weights @hostile/t.cfg w.weights --upto 1 --out w.conv.1", status: 0,
      stderr: ["1 layer"], prepare: { try $0.weightsOf80Classes() }),
    HostileCase(
      "weights of another header", "weights @hostile/t.cfg w.weights", status: 65,
      stderr: ["the numbers fit after a header of 16 bytes, but version 0.2 has one of 20"],
      prepare: {
        try $0.seededWeights(HostileCase.folder + "/hostile/t.cfg")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: $0.file("w.weights")))
        bytes.removeSubrange(16..<20)
        try $0.write(Array(bytes), to: "w.weights")
      }),
  ]

  private static func finished(_ folder: TemporaryFolder) -> String? {
    FileManager.default.fileExists(atPath: folder.file("o/t_final.weights"))
      ? nil : "there are no final weights"
  }

  // MARK: Conversions

  private static func coco(
    images: String = #"{"id":1,"file_name":"a.jpg","width":8,"height":8}"#,
    annotations: String = #"{"image_id":1,"category_id":1,"bbox":[1,1,4,4]}"#,
    categories: String = #"{"id":1,"name":"cell"}"#
  ) -> String {
    #"{"images":[\#(images)],"annotations":[\#(annotations)],"categories":[\#(categories)]}"#
  }

  private static func conversion(
    _ name: String, _ text: String, status: Int32, stderr: [String], options: String = ""
  ) -> HostileCase {
    HostileCase(
      name, "data convert c.json out --to yolo --pictures none" + options, status: status,
      stderr: stderr, prepare: { try $0.write(text, to: "c.json") })
  }

  private static let conversions: [HostileCase] = [
    conversion(
      "a class name with a line end", coco(categories: #"{"id":1,"name":"a\nb"}"#), status: 65,
      stderr: ["characters that a file with a name a line cannot hold", "'a\u{240A}b'"]),
    conversion(
      "COCO nested without end", String(repeating: "[", count: 1 << 20), status: 65,
      stderr: ["this is no COCO file"]),
    conversion(
      "COCO with ids beyond all numbers",
      coco(images: #"{"id":9223372036854775808,"file_name":"a","width":1,"height":1}"#),
      status: 65, stderr: ["this is no COCO file"]),
    conversion(
      "COCO with NaN", coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[NaN,0,1,1]}"#),
      status: 65, stderr: ["this is no COCO file"]),
    conversion(
      "COCO with boxes beyond all numbers",
      coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[1e308,0,1.7e308,1]}"#),
      status: 65, stderr: ["a number that is not finite"]),
    conversion(
      "COCO with boxes beyond all numbers, skipped",
      coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[1e308,0,1.7e308,1]}"#),
      status: 0, stderr: ["a number that is not finite", "1 image, 0 boxes"],
      options: " --skip-faults"),
    conversion(
      "COCO without keys", #"{"images":[{"id":1}],"annotations":[],"categories":[]}"#, status: 65,
      stderr: ["no 'file_name' at images[0]"]),
    conversion(
      "COCO with an id twice",
      coco(
        images: #"{"id":1,"file_name":"a.jpg","width":8,"height":8},"#
          + #"{"id":1,"file_name":"b.jpg","width":8,"height":8}"#),
      status: 65, stderr: ["two images have the id 1"]),
    HostileCase(
      "COCO whose pictures are missing, skipped", "data convert c.json out --to yolo --skip-faults",
      status: 0, stderr: ["a.jpg: error: there is no such picture"],
      absent: ["b.jpg: error"],
      prepare: {
        try $0.picture("b.jpg", label: "")
        try $0.write(
          coco(
            images: #"{"id":1,"file_name":"a.jpg","width":8,"height":8},"#
              + #"{"id":2,"file_name":"b.jpg","width":8,"height":8}"#), to: "c.json")
      },
      check: { folder, _ in
        let list = try String(contentsOfFile: folder.file("out/list.txt"), encoding: .utf8)
        return list == "images/b.jpg\n" ? nil : "the list is '\(list)'"
      }),
    HostileCase(
      "two classes of one name to VOC", "data convert c.json out --to voc", status: 65,
      stderr: ["classes 0 and 1 are both called 'x'"],
      prepare: {
        try $0.write(
          coco(categories: #"{"id":1,"name":"x"},{"id":2,"name":"x"}"#), to: "c.json")
      }),
  ]
}

extension TemporaryFolder {
  /// Copies a file or a folder of `Tests/Cases/reports`.
  fileprivate func copy(_ report: String, to name: String) throws {
    let target = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: URL(fileURLWithPath: HostileCase.folder + "/reports/" + report), to: target)
  }

  /// A small photograph with a label file next to it.
  fileprivate func picture(_ name: String, label: String) throws {
    try copy("no-valid/a.jpg", to: name)
    try write(label, to: name.replacing(".jpg", with: ".txt"))
  }

  /// `w.weights` that fit a cfg.
  fileprivate func seededWeights(_ cfg: String) throws {
    _ = try penumbra("weights", cfg, "--seed", "1", "--out", file("w.weights"))
  }

  /// `w.weights` of `t.cfg` with 80 classes.
  fileprivate func weightsOf80Classes() throws {
    let text = try String(contentsOfFile: HostileCase.folder + "/hostile/t.cfg", encoding: .utf8)
    try write(
      text.replacing("filters=24", with: "filters=255").replacing("classes=3", with: "classes=80"),
      to: "coco.cfg")
    try seededWeights(file("coco.cfg"))
  }
}
