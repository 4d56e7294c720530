/// Why memory for a computation could not be had.
public enum ComputeError: Error, Hashable, Sendable {
  /// The number of bytes does not fit an `Int`, or `count` is negative.
  case sizeOverflow(count: Int, elementBytes: Int)
  /// More than this machine's memory, so not even attempted.
  case exceedsMemory(bytes: Int, physicalBytes: Int)
  /// The system refused.
  case allocationFailed(bytes: Int)
  /// A library that is loaded when it is needed cannot be.
  case missingLibrary(String, String)
}

extension ComputeError: CustomStringConvertible {
  public var description: String { "error: \(problem)\nhelp: \(remedy)" }

  /// What is wrong, in one line that others can quote.
  public var problem: String {
    switch self {
    case .sizeOverflow(let count, let elementBytes):
      "a buffer of \(count) elements of \(elementBytes) bytes has no representable size"
    case .exceedsMemory(let bytes, let physicalBytes):
      "a buffer of \(bytes) bytes exceeds the \(physicalBytes) bytes of memory of this machine"
    case .allocationFailed(let bytes):
      "the system could not provide \(bytes) bytes of memory"
    case .missingLibrary(let name, let reason): "\(name) cannot be loaded: \(reason)"
    }
  }

  /// What to do about it, in one line.
  public var remedy: String {
    switch self {
    case .sizeOverflow, .exceedsMemory:
      "use a smaller [net] width, height or batch, or layers with fewer filters"
    case .allocationFailed:
      "free some memory, or use a smaller [net] width, height or batch"
    case .missingLibrary: "install OpenBLAS (on Debian: apt-get install libopenblas0)"
    }
  }
}
