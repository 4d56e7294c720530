/// What another framework keeps networks or their weights in, by the first bytes.
package enum ModelFormat: String, Hashable, Sendable {
  case onnx = "an ONNX model"
  case tensorFlowLite = "a TensorFlow Lite model"
  case hdf5 = "an HDF5 file, such as Keras weights"
  case safetensors = "a safetensors file"
  case numPy = "a NumPy array"
  case caffe = "a Caffe model"
  case pyTorch = "PyTorch weights"

  init?(_ bytes: [UInt8]) {
    func starts(_ signature: [UInt8], at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: signature)
    }
    if starts([0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]) {
      self = .hdf5
    } else if starts([0x93] + Array("NUMPY".utf8)) {
      self = .numPy
    } else if starts(Array("TFL3".utf8), at: 4) {
      self = .tensorFlowLite
    } else if Self.isPickle(bytes) || Self.isZippedPickle(bytes) {
      self = .pyTorch
    } else if Self.isSafetensors(bytes) {
      self = .safetensors
    } else if Self.isONNX(bytes) {
      self = .onnx
    } else if Self.isCaffe(bytes) {
      self = .caffe
    } else {
      return nil
    }
  }

  /// The opcode PROTO with a version of Python 3's time or before: old PyTorch files are pickles.
  private static func isPickle(_ bytes: [UInt8]) -> Bool {
    bytes.count > 2 && bytes[0] == 0x80 && (2...5).contains(bytes[1])
  }

  /// A ZIP archive whose first entries are those of `torch.save`.
  private static func isZippedPickle(_ bytes: [UInt8]) -> Bool {
    guard bytes.starts(with: [0x50, 0x4B, 3, 4]) else { return false }
    let start = String(decoding: bytes.prefix(512), as: UTF8.self)
    return start.contains("/data.pkl") || start.contains("/.format_version")
  }

  /// The length of a JSON object in 8 bytes, and the object.
  private static func isSafetensors(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 10, bytes[4..<8].allSatisfy({ $0 == 0 }) else { return false }
    return bytes[8] == UInt8(ascii: "{") && [0x22, 0x20, 0x7D].contains(bytes[9])
  }

  /// A protocol buffer: field 1 (`ir_version`) is a small number, and another field of `ModelProto` (2
  /// to 8) follows.
  private static func isONNX(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 3, bytes[0] == 0x08, (1...30).contains(bytes[1]) else { return false }
    return [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(bytes[2])
  }

  /// A protocol buffer: field 1 (the name of the `NetParameter`), then field 2, 3 or 100 (layers, inputs).
  private static func isCaffe(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 4, bytes[0] == 0x0A, (1...127).contains(bytes[1]) else { return false }
    let rest = bytes.dropFirst(2 + Int(bytes[1]))
    let name = bytes.dropFirst(2).prefix(Int(bytes[1]))
    let isText = name.allSatisfy { $0 >= 0x20 }
    return isText
      && (rest.starts(with: [0x12]) || rest.starts(with: [0x1A])
        || rest.starts(with: [0xA2, 0x06]))
  }
}
