import Foundation
import PenumbraSupport
import Synchronization

/// What the process finds at its start and may rely on afterwards.
enum StandardStreams {
  /// Errors of streams become errors of calls, and no file that is opened later takes the number of a
  /// stream that was closed.
  static func prepare() {
    // A reader that goes away, and a file that outgrows its limit, are errors to report.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    // A closed stdin is empty, notes on a closed stderr are dropped, and results for a closed stdout
    // are refused: this descriptor cannot be written.
    for (number, flags) in [(0, O_RDONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)]
    where fcntl(number, F_GETFD) < 0 && errno == EBADF {
      let descriptor = unsafe open("/dev/null", flags)
      guard descriptor >= 0, descriptor != number else { continue }
      dup2(descriptor, number)
      close(descriptor)
    }
    FilesRead.watchOutput(STDOUT_FILENO)
  }
}

/// Results on stdout: in whole lines, in as few calls as that takes.
enum StandardOutput {
  static let name = "standard output"

  /// Whether results are added to a file that holds something, and may be one that the run reads.
  static let isAdded: Bool = {
    var status = stat()
    return unsafe fstat(STDOUT_FILENO, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_size > 0
  }()

  private struct State {
    var pending: [UInt8] = []
    /// The first failure, after which nothing is written.
    var failure: WriteError?
  }

  private static let state = Mutex(State())
  static let isTerminal = isatty(STDOUT_FILENO) == 1
  /// Bytes from which lines are written without waiting for more.
  private static let limit = 1 << 16

  /// Prints a line. A failure is reported by the next `flush`, which comes at the latest when the
  /// process ends.
  static func line(_ text: String) {
    state.withLock { state in
      state.pending += text.utf8
      state.pending.append(UInt8(ascii: "\n"))
      if isTerminal || state.pending.count >= limit { write(&state) }
    }
  }

  /// Prints text at once. What is whole lines arrives as whole lines.
  static func write(_ text: String) throws(WriteError) { try write(Array(text.utf8)) }

  /// Writes bytes at once, as they are.
  static func write(_ bytes: [UInt8]) throws(WriteError) {
    let failure = state.withLock { state in
      state.pending += bytes
      write(&state)
      return state.failure
    }
    if let failure { throw failure }
  }

  /// Writes what is left.
  static func flush() throws(WriteError) { try write("") }

  private static func write(_ state: inout State) {
    if let input = FilesRead.readOutput, state.failure == nil, !state.pending.isEmpty {
      state.failure = WriteError(name, .isInput("a file that the run reads (\(input.shownPath))"))
    }
    if state.failure == nil, !state.pending.isEmpty {
      let code = unsafe state.pending.withUnsafeBytes { unsafe writeWhole($0, to: STDOUT_FILENO) }
      if code != 0 { state.failure = WriteError(name, errno: code) }
    }
    state.pending.removeAll(keepingCapacity: true)
  }
}

/// Messages go to stderr, so that stdout holds results alone. What cannot be said there is dropped: no
/// run ends because nobody listens.
enum StandardError {
  static func write(_ text: String) {
    var text = text
    _ = text.withUTF8 { unsafe writeWhole(UnsafeRawBufferPointer($0), to: STDERR_FILENO) }
  }
}

/// Says a line on stderr; what a terminal would obey in it, such as an escape sequence in a file's name,
/// is shown instead.
func standardError(_ text: String) { StandardError.write(text.printableLines + "\n") }
