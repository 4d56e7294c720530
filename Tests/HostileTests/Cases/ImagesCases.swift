import Foundation
import TestSupport

extension HostileCase {
  static let images: [HostileCase] = pictureFiles + pictureFolders + annotations

  private static let network = "detect @reports/unreadable-pictures/net.cfg --weights-seed 1"

  /// Pictures that once ended the process, or took its memory or time.
  private static let pictureFiles: [HostileCase] = [
    HostileCase(
      "a JPEG that fails an assertion of its decoder", "\(network) @hostile/assert.jpg", status: 65,
      stderr: ["256 codes of at most 9 bits in a Huffman table"]),
    HostileCase(
      "35 bytes for 268 million pixels", "\(network) @hostile/g.gif", status: 65,
      stderr: ["16384x16384 pixels", "--max-pixels 268435456"], maxResidentMiB: 256),
    HostileCase(
      "35 bytes for as many pixels as are allowed",
      "\(network) @hostile/g.gif --max-pixels 268435456", status: 65,
      stderr: ["the GIF file ends before the picture does"], maxResidentMiB: 256),
    HostileCase(
      "33 KB for 268 million pixels", "\(network) @hostile/p1.png", status: 65,
      stderr: ["16384x16384 pixels", "--max-pixels 268435456"], maxResidentMiB: 256),
    HostileCase(
      "a picture for which there is no memory",
      "\(network) @hostile/p1.png --max-pixels 268435456", status: 65,
      stderr: ["there is no memory for"], limit: "ulimit -v 1200000"),
    HostileCase(
      "a JPEG of thousands of scans", "\(network) @hostile/scan-big.jpg --max-pixels 268435456",
      status: 65, stderr: ["scans in a JPEG file"], maxResidentMiB: 256),
    HostileCase(
      "the size of such a JPEG", "data check p --names n", status: 1,
      stderr: [], stdout: ["unreadable-image"], maxResidentMiB: 256,
      prepare: { folder in
        try FileManager.default.createDirectory(
          atPath: folder.file("p"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: HostileCase.folder + "/hostile/scan-big.jpg", toPath: folder.file("p/a.jpg"))
        try folder.write("", to: "p/a.txt")
        try folder.write("a\n", to: "n")
      }),
    HostileCase(
      "more pixels than can be counted", "\(network) @hostile/g.gif --max-pixels 600000000",
      status: 64, stderr: ["--max-pixels is 600000000, expected 1 to 500000000"]),
  ]

  /// What is in a folder next to pictures, and what is no file.
  private static let pictureFolders: [HostileCase] = [
    HostileCase(
      "a folder with pictures that cannot be read",
      "\(network) @reports/unreadable-pictures/p", status: 0,
      stderr: ["1 WebP and 1 TIFF files cannot be read; convert them to PNG or JPEG"]),
    HostileCase(
      "a folder with nothing that can be read", "\(network) p", status: 65,
      stderr: ["there are no pictures in this folder; 1 HEIC and 1 video files cannot be read"],
      prepare: { folder in
        try folder.write([0, 0, 0, 24] + Array("ftypheic".utf8), to: "p/a.heic")
        try folder.write([0, 0, 0, 24] + Array("ftypisom".utf8), to: "p/b.mp4")
      }),
    HostileCase(
      "a data set with pictures that cannot be read", "data check p --names n", status: 1,
      stdout: ["1 WebP file cannot be read"],
      prepare: { folder in
        try FileManager.default.createDirectory(
          atPath: folder.file("p"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
          atPath: HostileCase.folder + "/reports/unreadable-pictures/p/1.jpg",
          toPath: folder.file("p/1.jpg"))
        try folder.write("", to: "p/1.txt")
        try folder.write(Array("RIFF\0\0\0\0WEBP".utf8), to: "p/2.webp")
        try folder.write("a\n", to: "n")
      }),
    HostileCase(
      "a WebP that is called .jpg", "\(network) a.jpg", status: 65,
      stderr: ["of the kind WebP", "convert it to PNG or JPEG"],
      prepare: { try $0.write(Array("RIFF\0\0\0\0WEBP".utf8), to: "a.jpg") }),
    HostileCase(
      "a page in the place of a picture", "\(network) a.jpg", status: 65,
      stderr: ["this is a web page", "download the picture itself"],
      prepare: { try $0.write("<!DOCTYPE html><html></html>", to: "a.jpg") }),
    HostileCase(
      "an address", "\(network) https://example.org/a.jpg", status: 65,
      stderr: ["this is an address", "download it first"]),
    HostileCase(
      "a camera", "\(network) rtsp://camera/1", status: 65,
      stderr: ["this is an address", "save its frames first"]),
  ]

  /// Pascal VOC annotations.
  private static let annotations: [HostileCase] =
    [
      HostileCase(
        "annotations in the folders of VOC",
        "data convert @reports/voc-folder/voc out --from voc --to yolo", status: 0,
        stderr: ["voc to yolo: 1 image, 1 box", "annotates the same picture"]),
      HostileCase(
        "a missing picture does not end all",
        "data convert v out --from voc --to yolo --skip-faults",
        status: 0, stderr: ["there is no such picture", "voc to yolo"],
        prepare: { folder in
          for name in ["a", "gone"] {
            try folder.write(
              "<annotation><filename>\(name).jpg</filename><size><width>4</width>"
                + "<height>4</height></size><object><name>x</name><bndbox><xmin>1</xmin>"
                + "<ymin>1</ymin><xmax>2</xmax><ymax>2</ymax></bndbox></object></annotation>",
              to: "v/Annotations/\(name).xml")
          }
          try folder.write([1], to: "v/JPEGImages/a.jpg")
        }),
    ]
    + brokenAnnotations.map { name, content in
      HostileCase(
        "an annotation with \(name)", "data convert a.xml out --to yolo", status: 65,
        stderr: ["this is no VOC annotation"],
        prepare: { try $0.write(content.unicodeScalars.map { UInt8($0.value) }, to: "a.xml") })
    }

  /// Each scalar is a byte of the file.
  private static let brokenAnnotations: [(name: String, content: String)] = [
    ("bytes that are no UTF-8 in a comment", "<annotation><!-- \u{FF} -->"),
    ("bytes that are no UTF-8 in a name", "<annotation><\u{C3}(>"),
    ("a notation", "<!DOCTYPE a [<!NOTATION n SYSTEM 'x'>]><annotation/>"),
    ("an entity of no text", "<!DOCTYPE a [<!ENTITY e SYSTEM 'f' NDATA n>]><annotation/>"),
  ]
}
