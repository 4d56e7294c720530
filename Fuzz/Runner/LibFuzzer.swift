#if FUZZING
  import Foundation
  import PenumbraFuzzing

  /// The driver of libFuzzer, which `-sanitize=fuzzer` links.
  @_silgen_name("LLVMFuzzerRunDriver")
  private func runDriver(
    _ argc: UnsafeMutablePointer<Int32>,
    _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
  ) -> Int32

  @_silgen_name("LLVMFuzzerMutate")
  private func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ maxSize: Int) -> Int

  enum LibFuzzer {
    nonisolated(unsafe) fileprivate static var target: FuzzTarget?

    static func run(_ target: FuzzTarget, _ arguments: [String]) {
      Self.target = target
      let words = ["penumbra-fuzz"] + arguments
      let argv = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
        capacity: words.count + 1)
      for (index, word) in words.enumerated() { argv[index] = strdup(word) }
      argv[words.count] = nil
      var count = Int32(words.count)
      var list = argv
      exit(
        runDriver(&count, &list) { data, size in
          let accepted = LibFuzzer.target?.run(Array(UnsafeBufferPointer(start: data, count: size)))
          return accepted == true ? 0 : -1
        })
    }
  }

  /// Called by libFuzzer in place of its own changes: half of them go by the format's structure where
  /// the target knows it.
  @_cdecl("LLVMFuzzerCustomMutator")
  public func customMutator(
    _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ maxSize: Int, _ seed: UInt32
  ) -> Int {
    guard seed % 2 == 0, let change = LibFuzzer.target?.mutate else {
      return mutate(data, size, maxSize)
    }
    var choices = Choices(seed: UInt64(seed))
    let changed = change(Array(UnsafeBufferPointer(start: data, count: size)), &choices)
    let count = min(changed.count, maxSize)
    _ = UnsafeMutableBufferPointer(start: data, count: count).update(
      fromContentsOf: changed.prefix(count))
    return count
  }
#endif
