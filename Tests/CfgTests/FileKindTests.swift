import PenumbraCfg
import PenumbraSupport
import Testing

/// What a file is by its bytes, and which text can be read as what.
struct FileKindTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    let kind: FileKind
    /// The roles in which such a file is read.
    let roles: Set<FileRole>
    var testDescription: String { name }

    init(_ name: String, _ bytes: [UInt8], _ kind: FileKind, _ roles: Set<FileRole> = []) {
      (self.name, self.bytes, self.kind, self.roles) = (name, bytes, kind, roles)
    }

    init(_ name: String, _ text: String, _ kind: FileKind, _ roles: Set<FileRole> = []) {
      self.init(name, Array(text.utf8), kind, roles)
    }
  }

  private static let anyText: Set<FileRole> = [.names, .list, .labels, .tree, .map]

  static let cases: [Case] = [
    Case("a cfg", "# a network\n[net]\nwidth=32\n", .cfg, [.cfg]),
    Case("a cfg after options", "batch=1\n[net]\nwidth=32\n", .cfg, [.cfg]),
    Case("a .data file", "classes = 3\nnames = n.names\n", .data, [.data]),
    Case(
      "weights", [0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0] + Array(repeating: 0x3F, count: 40), .weights,
      [.weights]),
    Case("a JPEG", [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 0x11, count: 20), .picture),
    Case("a PNG", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], .picture),
    Case("a WebP", Array("RIFF\u{4}\0\0\0WEBPVP8 ".utf8), .picture),
    Case("a pixmap", "P6\n1 1\n255\nabc", .picture),
    Case("YAML", "path: ../coco\ntrain: images\nnames:\n  0: person\n", .yaml),
    Case("YAML with lists", "# net\nnc: 80\nbackbone:\n  - [-1, 1, Conv, [64]]\n", .yaml),
    Case("ncnn", "7767517\n3 3\nInput data 0 1 data 0=4\n", .model(.ncnn)),
    Case(
      "PyTorch", [0x50, 0x4B, 3, 4] + Array(repeating: 0, count: 26) + Array("n/data.pkl".utf8),
      .model(.pyTorch)),
    Case("old PyTorch", [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46], .model(.pyTorch)),
    Case("ONNX", Array("\u{8}\u{7}\u{12}\u{7}pytorch\u{1A}\u{3}2.1".utf8), .model(.onnx)),
    Case("TensorFlow Lite", [0x1C, 0, 0, 0] + Array("TFL3\0\0\0\0".utf8), .model(.tensorFlowLite)),
    Case("HDF5", [0x89] + Array("HDF\r\n\u{1A}\n\0\0".utf8), .model(.hdf5)),
    Case(
      "safetensors", [0x40, 0, 0, 0, 0, 0, 0, 0] + Array("{\"__metadata__\":{}}".utf8),
      .model(.safetensors)),
    Case("NumPy", [0x93] + Array("NUMPY\u{1}\0".utf8), .model(.numPy)),
    Case(
      "Caffe", [0x0A, 4] + Array("lenet".utf8.prefix(4)) + [0xA2, 0x06, 9, 9, 9], .model(.caffe)),
    Case("names with a colon", "a: b\nperson\nbicycle\ncar\ndog\n", .text, anyText),
    Case("a page", "\n<!DOCTYPE html>\n<html>", .page),
    Case("a page in capitals", "<HTML><body a=1>", .page),
    Case(
      "a Git LFS pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d\n",
      .lfsPointer),
    Case("a zip archive", [0x50, 0x4B, 3, 4, 20, 0, 0, 0], .archive),
    Case("a gzip archive", [0x1F, 0x8B, 8, 0], .archive),
    Case("a PDF document", "%PDF-1.4\n", .document),
    Case("JSON", "{\n  \"a\": [1, 2]\n}", .json),
    Case("a JSON array", "[{\"a\": 1}]", .json),
    Case("an annotation", "<annotation>\n<folder>x</folder>", .xml),
    Case("labels", "0 0.5 0.5 0.1 0.1\n1 .2 .2 .1 .1\n", .labels, [.labels, .names, .tree, .map]),
    Case("a list", "a.jpg\nb/c.png\n", .list, [.list, .names, .tree, .map]),
    Case("class names", "person\nbicycle\n", .text, anyText),
    Case("class names that begin like a bitmap", "BMW\nAudi\n", .text, anyText),
    Case("class names that begin with a tag", "<background>\nperson\n", .text, anyText),
    Case("a class tree", "entity -1\nanimal 0\n", .text, anyText),
    Case("UTF-16 without a mark", Array("[net]\n".utf8).flatMap { [$0, 0] }, .unmarkedUTF16),
    Case("UTF-16 without a mark, big", Array("[net]\n".utf8).flatMap { [0, $0] }, .unmarkedUTF16),
    Case(
      "a cfg in UTF-16", TextEncoding.utf16LittleEndian.encoded(Array("[net]\na=1".utf8)), .cfg,
      [.cfg]),
    Case("other bytes", (0..<200).map { UInt8(($0 * 37) % 30) }, .binary, [.weights]),
  ]

  @Test(arguments: cases) func `is recognised and refused where it cannot be meant`(_ c: Case) {
    #expect(FileKind(c.bytes) == c.kind)
    let roles: [FileRole] = [.cfg, .weights, .names, .data, .list, .labels, .tree, .map]
    for role in roles {
      let mismatch = role.mismatch(c.bytes)
      #expect((mismatch == nil) == c.roles.contains(role), "as \(role.name)")
      if let mismatch {
        #expect(mismatch.problem == "this looks like \(c.kind.name), \(role.name) was expected")
      }
    }
  }

  @Test(arguments: cases.filter { !$0.roles.contains(.cfg) })
  func `is one diagnostic as a cfg`(_ c: Case) {
    let file = CfgFile(bytes: c.bytes, name: "net.cfg")
    #expect(file.sections.isEmpty && file.diagnostics.count == 1)
    #expect(file.diagnostics.first?.problem.code == .notACfg)
    #expect(file.diagnostics.first?.problem.message.contains(c.kind.name) == true)
  }

  @Test func `a pointer says how to get its file`() {
    let pointer = Array("version https://git-lfs.github.com/spec/v1\n".utf8)
    #expect(FileRole.weights.mismatch(pointer)?.remedy.contains("git lfs pull") == true)
  }

  @Test func `nothing is an empty file, not one of another kind`() {
    #expect(FileKind([UInt8]()) == nil && FileRole.names.mismatch([UInt8]()) == nil)
  }

  @Test func `a zero makes text none, but in a cfg its line says so`() {
    let names = Array("person\nbicy\0cle\n".utf8)
    #expect(FileRole.names.mismatch(names)?.problem.contains("a binary file") == true)
    let cfg = CfgFile(
      bytes: Array("[net]\nwidth=3\u{0}2\nheight=32\nchannels=3\n".utf8), name: "net.cfg")
    #expect(cfg.diagnostics.map(\.problem.code) == [.invisibleCharacter])
  }
}
