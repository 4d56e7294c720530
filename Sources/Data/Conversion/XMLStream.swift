import CExpat

/// Why an XML file was not read to its end, and where.
struct XMLFault: Error {
  let line: Int
  let problem: String
}

/// Receives the elements of an XML file in their order.
protocol XMLReceiver: AnyObject {
  /// An answer that is not nil says why the rest is not read.
  func open(_ name: String, line: Int) -> String?
  func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String?
  func close() -> String?
}

/// Reads XML by expat, piece by piece. No entity that a file declares is expanded, and no other file is
/// read, whatever it refers to: a file with a DOCTYPE is refused.
///
/// UTF-8, UTF-16, Latin-1 and ASCII are read, as the file's first line or its byte order mark says.
@safe final class XMLStream {
  private let receiver: any XMLReceiver
  private var parser: OpaquePointer?
  private var refusal: String?

  /// Says why there is no expat; nil where it was loaded.
  static var loadFailure: String? {
    unsafe cexpat_load_failure().map { unsafe String(cString: $0) }
  }

  private init(_ receiver: any XMLReceiver) { self.receiver = receiver }

  /// - Precondition: `loadFailure` is nil.
  static func read(_ bytes: [UInt8], into receiver: some XMLReceiver) throws(XMLFault) {
    let stream = XMLStream(receiver)
    if let fault = stream.read(bytes) { throw fault }
  }

  private func read(_ bytes: [UInt8]) -> XMLFault? {
    let handler = unsafe CExpatHandler(
      context: Unmanaged.passUnretained(self).toOpaque(),
      open: { context, name in
        unsafe XMLStream.running(context).opened(String(cString: name))
      },
      text: { context, text, length in
        unsafe XMLStream.running(context).found(
          UnsafeRawBufferPointer(start: text, count: length))
      },
      close: { context in unsafe XMLStream.running(context).closed() })
    guard let parser = unsafe cexpat_begin(handler) else {
      return XMLFault(line: 1, problem: "no memory left to read it")
    }
    unsafe self.parser = parser
    defer { unsafe cexpat_end(parser) }
    let state = unsafe parse(bytes, parser)
    return unsafe fault(state, parser)
  }

  /// 64 KiB at a time.
  private func parse(_ bytes: [UInt8], _ parser: OpaquePointer) -> CExpatState {
    var state = CExpatState.good
    var start = 0
    repeat {
      let end = min(start + 1 << 16, bytes.count)
      state = unsafe bytes[start..<end].withUnsafeBytes { piece in
        unsafe cexpat_parse(
          parser, piece.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(piece.count),
          end == bytes.count)
      }
      start = end
    } while state == .good && start < bytes.count
    return state
  }

  private func fault(_ state: CExpatState, _ parser: OpaquePointer) -> XMLFault? {
    let column = unsafe cexpat_column(parser)
    let problem: String
    switch state {
    case .good: return nil
    case .malformed: problem = unsafe String(cString: cexpat_reason(parser))
    case .doctype: problem = "it has a DOCTYPE, which is not read"
    case .longToken: problem = "a tag or comment is longer than \(CEXPAT_LONGEST_TOKEN) bytes"
    case .stopped: problem = refusal ?? "it was not read to its end"
    }
    let line = unsafe cexpat_line(parser)
    return XMLFault(line: line, problem: "\(problem), at column \(column)")
  }

  // MARK: What expat calls

  private static func running(_ context: UnsafeMutableRawPointer?) -> XMLStream {
    unsafe Unmanaged<XMLStream>.fromOpaque(context!).takeUnretainedValue()
  }

  private func opened(_ name: String) -> Bool {
    let line = unsafe parser.map { unsafe cexpat_line($0) } ?? 1
    refusal = receiver.open(name, line: line)
    return refusal == nil
  }

  private func found(_ text: UnsafeRawBufferPointer) -> Bool {
    refusal = unsafe receiver.text(text.bindMemory(to: UInt8.self))
    return refusal == nil
  }

  private func closed() -> Bool {
    refusal = receiver.close()
    return refusal == nil
  }
}
