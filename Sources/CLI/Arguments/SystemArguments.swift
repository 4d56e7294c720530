import PenumbraSupport

/// The arguments of this process: paths of any bytes, in the form that `String(systemBytes:)` has.
enum SystemArguments {
  static var all: [String] {
    let count = Int(CommandLine.argc)
    let given = unsafe UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: count)
    return unsafe given.dropFirst().compactMap { argument in
      unsafe argument.map { unsafe String(systemPath: $0) }
    }
  }
}

extension String {
  /// The argument as a shell takes it, quoted where it must be.
  var shellQuoted: String {
    let plain = utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "_./,=@%+:-".utf8.contains(byte)
      }
    }
    return plain && !isEmpty ? self : "'" + replacing("'", with: "'\\''") + "'"
  }

  /// Whether the argument is a number, which may begin with a dash: -5, -.5, -1e9, -inf, -nan.
  var isNumberArgument: Bool { Double(self) != nil }

  /// Whether the argument has the form of an option: a dash, and more after it that is no number.
  var isOptionArgument: Bool { hasPrefix("-") && utf8.count > 1 && !isNumberArgument }
}
