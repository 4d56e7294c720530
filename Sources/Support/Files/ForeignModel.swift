/// A network of another program, by its first bytes. Nothing here reads these.
package enum ForeignModel: String, Hashable, Sendable, CaseIterable {
  case pyTorch, onnx, tensorFlowLite, hdf5, safetensors, numPy, caffe, ncnn

  /// As a message names it.
  var name: String {
    switch self {
    case .pyTorch: "PyTorch weights"
    case .onnx: "an ONNX model"
    case .tensorFlowLite: "a TensorFlow Lite model"
    case .hdf5: "an HDF5 file, such as Keras weights"
    case .safetensors: "a safetensors file"
    case .numPy: "a NumPy array"
    case .caffe: "a Caffe model"
    case .ncnn: "an ncnn network"
    }
  }

  /// - Parameter start: the first bytes of a file.
  init?(_ start: [UInt8]) {
    if let known = Self.signatures.first(where: {
      start.dropFirst($0.offset).starts(with: $0.bytes)
    }) {
      self = known.model
    } else if start.starts(with: Array("PK".utf8) + [3, 4]) {
      // The first file of the archive has its name after 30 bytes.
      let name = String(decoding: start.dropFirst(30).prefix(200), as: UTF8.self)
      if name.contains("/data.pkl") || name.contains("/.format_version") {
        self = .pyTorch
      } else if name.contains(".npy") {
        self = .numPy
      } else {
        return nil
      }
    } else if Self.isPickle(start) {
      self = .pyTorch
    } else if Self.isONNX(start) {
      self = .onnx
    } else if Self.isCaffe(start) {
      self = .caffe
    } else {
      return nil
    }
  }

  private static let signatures: [(model: ForeignModel, offset: Int, bytes: [UInt8])] = [
    (.hdf5, 0, [0x89] + Array("HDF\r\n".utf8)), (.numPy, 0, [0x93] + Array("NUMPY".utf8)),
    (.tensorFlowLite, 4, Array("TFL3".utf8)), (.safetensors, 8, Array("{\"".utf8)),
    (.ncnn, 0, Array("7767517\n".utf8)), (.ncnn, 0, Array("7767517\r\n".utf8)),
  ]

  /// The magic number of PyTorch before 1.6, as Python writes it.
  private static func isPickle(_ start: [UInt8]) -> Bool {
    start.count > 3 && start[0] == 0x80 && (2...5).contains(start[1])
      && [0x8A, 0x7D, 0x63, 0x95].contains(start[2])
  }

  /// Field 1, a small version; then field 2 or 3 or 8, of length.
  private static func isONNX(_ start: [UInt8]) -> Bool {
    start.count > 4 && start[0] == 0x08 && (1...32).contains(start[1])
      && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(start[2])
  }

  /// Field 1, a short name; then field 2 or 100, of length.
  private static func isCaffe(_ start: [UInt8]) -> Bool {
    guard start.count > 8, start[0] == 0x0A, (1...64).contains(start[1]) else { return false }
    let end = 2 + Int(start[1])
    guard start.count > end + 1, start[2..<end].allSatisfy({ (0x21..<0x7F).contains($0) }) else {
      return false
    }
    return start[end] == 0x12 || (start[end] == 0xA2 && start[end + 1] == 0x06)
  }
}
