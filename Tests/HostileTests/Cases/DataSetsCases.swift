import Foundation
import TestSupport

/// `.data` files, and sets with nothing to train on or to validate on.
extension HostileCase {
  static let dataSets: [HostileCase] =
    dataFiles + emptySets + imageLists + classNames + trainingFiles + conversions

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
        "a .data file with colons", "data check d.data", status: 65,
        stderr: [
          "d.data:1: error: 'train' is followed by a colon, '=' was expected",
          "help: write 'train = l.txt'",
        ],
        prepare: { try $0.write("train: l.txt\nvalid: v.txt\n", to: "d.data") }),
      HostileCase(
        "a .data file with a colon at a key that is needed", "data check d.data", status: 65,
        stderr: ["d.data:2: error: 'train' is followed by", "help: write 'train = l.txt'"],
        prepare: { try $0.write("classes=1\nTrain : l.txt\n", to: "d.data") }),
      HostileCase(
        "a .data file with a colon at another key", "data check d.data", status: 1,
        stdout: [
          "d.data:2: warning: 'names:' is not read; write 'names = n' [misspelled-key]",
          "train: 1 image, 1 box",
        ],
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\n")
          try $0.write("a.jpg\n", to: "l.txt")
          try $0.write("classes=1\nnames: n\ntrain=l.txt\n", to: "d.data")
        }),
      HostileCase(
        "the kinds of faults", "data check --help", status: 0,
        stdout: ["misspelled-key", "link-outside", "missing-image"]),
      HostileCase(
        "a .data file that names a pipe", "data check d.data", status: 65,
        stderr: ["pipe: error: this is a pipe or a device"], limit: "mkfifo pipe",
        prepare: { try $0.write("classes = 1\ntrain = pipe\n", to: "d.data") }),
      HostileCase(
        "a data set of another program", "data check d.yaml", status: 65,
        stderr: ["a .yaml file is no data set"],
        prepare: { try $0.write("train: images\nnc: 3\n", to: "d.yaml") }),
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
}
