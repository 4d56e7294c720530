/// A binary PGM or PPM file (`P5`, `P6`), 8 or 16 bits per sample.
///
/// stb_image 2.27 overflows a buffer on 16-bit files that change their channels and takes the wrong
/// byte of every sample, so this format is read here.
/// - Source: Netpbm, pgm(5) and ppm(5).
struct PNM {
  let width: Int
  let height: Int
  private let storedChannels: Int
  private let largest: Int
  private let firstSample: Int

  /// Reads the header; nil if it is damaged. `isShort` tells whether it just ended early.
  init?(_ file: UnsafeBufferPointer<UInt8>, isShort: inout Bool) {
    var position = 2
    var numbers: [Int] = []
    while numbers.count < 3, let number = PNM.number(file, &position) { numbers.append(number) }
    isShort = position >= file.count
    guard numbers.count == 3, position < file.count, PNM.isSpace(file[position]) else { return nil }
    (width, height, largest) = (numbers[0], numbers[1], numbers[2])
    guard (1...65535).contains(largest) else { return nil }
    storedChannels = file[1] == UInt8(ascii: "6") ? 3 : 1
    firstSample = position + 1
  }

  private var sampleBytes: Int { largest > 255 ? 2 : 1 }

  /// Whether the file holds all samples. Sizes must have passed the limits.
  func isComplete(_ file: UnsafeBufferPointer<UInt8>) -> Bool {
    file.count - firstSample >= width * height * storedChannels * sampleBytes
  }

  /// - Precondition: `isComplete`.
  func bitmap(_ file: UnsafeBufferPointer<UInt8>, channels: Int) -> Bitmap {
    let count = width * height * storedChannels
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
      for i in 0..<count { target[i] = sample(file, i) }
      initialized = count
    }
    let stored = Bitmap(width: width, height: height, channels: storedChannels, bytes: bytes)
    return channels == 3 ? stored.expandedToRGB() : stored.reducedToGrey()
  }

  /// A sample, which must not exceed the largest value stated, scaled to 255.
  private func sample(_ file: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt8 {
    let at = firstSample + index * sampleBytes
    let value = sampleBytes == 2 ? Int(file[at]) << 8 | Int(file[at + 1]) : Int(file[at])
    return UInt8((min(value, largest) * 255 + largest / 2) / largest)
  }

  /// The next number after white space and comments.
  private static func number(
    _ file: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) -> Int? {
    while position < file.count, isSpace(file[position]) || file[position] == UInt8(ascii: "#") {
      if file[position] == UInt8(ascii: "#") {
        while position < file.count, file[position] != UInt8(ascii: "\n") { position += 1 }
      } else {
        position += 1
      }
    }
    var value: Int?
    while position < file.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(file[position]) {
      value = (value ?? 0) * 10 + Int(file[position] - UInt8(ascii: "0"))
      guard value! <= Int(Int32.max) else { return nil }
      position += 1
    }
    return value
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
}
