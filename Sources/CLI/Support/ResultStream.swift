import Foundation

/// Where results are printed: stdout, or a file.
struct ResultStream {
  private let name: String
  private let handle: FileHandle

  /// - Parameter file: replaced when it exists; nil is stdout.
  init(file: String? = nil) throws {
    name = file ?? "standard output"
    guard let file else {
      handle = FileHandle.standardOutput
      return
    }
    let descriptor = unsafe open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw OutputError(path: file, reason: unsafe String(cString: strerror(errno)))
    }
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func write(_ text: String) throws {
    guard !text.isEmpty else { return }
    do {
      try handle.write(contentsOf: Data(text.utf8))
    } catch {
      throw OutputError(path: name, reason: Output.reason(error))
    }
  }
}
