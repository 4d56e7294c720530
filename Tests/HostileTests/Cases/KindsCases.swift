import Foundation
import TestSupport

/// Files of other frameworks, and names that a format cannot hold.
extension HostileCase {
  static let kinds: [HostileCase] = models + yaml + vocNames

  private static let starts: [(name: String, said: String, bytes: [UInt8])] = [
    ("ONNX", "an ONNX model", [8, 7, 0x12, 7] + Array("pytorch".utf8)),
    ("TFLite", "a TensorFlow Lite model", [0x1C, 0, 0, 0] + Array("TFL3".utf8)),
    ("HDF5", "an HDF5 file", [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]),
    (
      "safetensors", "a safetensors file",
      [60, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\":{\"dtype\":\"F32\"}}".utf8)
    ),
    ("npy", "a NumPy array", [0x93] + Array("NUMPY".utf8) + [1, 0, 0x76, 0]),
    ("caffemodel", "a Caffe model", [0x0A, 4] + Array("LeNe".utf8) + [0xA2, 6, 1]),
    ("old pt", "PyTorch weights", [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]),
    (
      "zip pt", "PyTorch weights",
      [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array("best/data.pkl".utf8)
    ),
  ]

  private static let network = "@reports/argument-order/net.cfg"
  private static let picture = "@reports/argument-order/a.jpg"

  private static let models: [HostileCase] = starts.flatMap { name, said, bytes in
    [
      "detect \(network) m.bin \(picture)", "lint m.bin",
      "detect \(network) @reports/argument-order/w.weights \(picture) --names m.bin",
      "detect \(network) @reports/argument-order/w.weights m.bin",
    ].map { line in
      let isLint = line.hasPrefix("lint")
      return HostileCase(
        "\(name): \(line)", line, status: 65, stderr: isLint ? [] : [said],
        stdout: isLint ? [said] : [], absent: ["unpack it"],
        prepare: { folder in
          try folder.write(bytes + [UInt8](repeating: 1, count: 64), to: "m.bin")
        })
    }
  }

  private static let yaml: [HostileCase] = [
    "train: a\nval: b\nnc: 3\nnames: [a, b, c]\n",
    "path: ../x\ntrain: a\nval: b\nnames:\n  0: a\n  1: b\n",
    "nc: 80 # number\nbackbone:\n  - [-1, 1, Conv, [64, 6, 2, 2]]\nhead:\n",
  ].map { text in
    HostileCase(
      "a YAML file as names: \(text.prefix(9))",
      "detect \(network) @reports/argument-order/w.weights \(picture) --names d.yaml", status: 65,
      stderr: ["a YAML file", "class names one a line"],
      prepare: { try $0.write(text, to: "d.yaml") })
  }

  private static let vocNames: [HostileCase] = [
    "  sp.jpg", "tab\t.jpg", "back\\slash.jpg", "esc\u{1B}.jpg", "\u{7F}del.jpg",
  ].map { name in
    HostileCase(
      "a picture that VOC cannot name: \(name.debugDescription)",
      "data convert c.json out --to voc",
      status: 65, stderr: ["characters that Pascal VOC cannot hold"], absent: ["\u{1B}"],
      prepare: { folder in
        let image = ["id": 1, "file_name": name, "width": 8, "height": 8] as [String: any Sendable]
        let truth =
          [
            "images": [image], "annotations": [] as [Int],
            "categories": [["id": 1, "name": "cell"] as [String: any Sendable]],
          ] as [String: any Sendable]
        try folder.write(Array(JSONSerialization.data(withJSONObject: truth)), to: "c.json")
      },
      check: { folder, _ in
        FileManager.default.fileExists(atPath: folder.file("out")) ? "a folder was made" : nil
      })
  }
}
