import PenumbraCompute

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif
/// What a measurement was made on.
public struct Machine: Hashable, Sendable, Codable {
  public let cpu: String
  public let processors: Int
  public let instructionSet: String

  enum CodingKeys: String, CodingKey {
    case cpu, processors
    case instructionSet = "isa"
  }

  /// This one, as this process uses it.
  public static var current: Machine {
    Machine(
      cpu: cpuName ?? "unknown", processors: Runtime.processors,
      instructionSet: Runtime.instructionSet)
  }

  /// The most memory that this process has held so far.
  public static var peakResidentBytes: Int {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #else
      getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #endif
  }

  #if canImport(Darwin)
    private static var cpuName: String? {
      var size = 0
      guard sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0) == 0 else { return nil }
      var text = [CChar](repeating: 0, count: size)
      guard sysctlbyname("machdep.cpu.brand_string", &text, &size, nil, 0) == 0 else { return nil }
      return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  #else
    private static var cpuName: String? {
      guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 4096)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = String(
          decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("model name") else { continue }
        return String(parts[1].drop { $0 == " " }.prefix { $0 != "\n" })
      }
      return nil
    }
  #endif
}
