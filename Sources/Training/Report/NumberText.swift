/// A number with a fixed number of decimals.
package func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
  let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
  let scaled = (value.magnitude * scale).rounded()
  guard scaled < 0x1p62 else { return "\(value)" }
  let (whole, part) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
  let digits = String(part)
  let fraction = String(repeating: "0", count: max(0, decimals - digits.count)) + digits
  return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)" + (decimals > 0 ? "." + fraction : "")
}

/// A number with so many digits that count, as people write it: `0.00261`, `3.21`, `1250`.
package func significant(_ value: Double, _ digits: Int = 3) -> String {
  guard value.isFinite, value != 0 else { return value == 0 ? "0" : fixed(value, 0) }
  var (magnitude, exponent) = (value.magnitude, 0)
  while magnitude >= 10, exponent < 300 {
    magnitude /= 10
    exponent += 1
  }
  while magnitude < 1, exponent > -300 {
    magnitude *= 10
    exponent -= 1
  }
  // Beyond what is read at a glance: a power of ten.
  if exponent < -5 || exponent > 8 {
    return (value < 0 ? "-" : "") + fixed(magnitude, digits - 1) + "e\(exponent)"
  }
  return fixed(value, max(0, digits - 1 - exponent))
}

/// Seconds as `hours:minutes:seconds`.
package func clockText(_ seconds: Double) -> String {
  let whole = Int(min(max(0, seconds.isFinite ? seconds : 0), 1e9).rounded(.up))
  return [whole / 3600, whole / 60 % 60, whole % 60]
    .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
}

/// Bytes in units of 1024.
package func byteText(_ bytes: Int) -> String {
  let units = ["B", "KiB", "MiB", "GiB", "TiB"]
  var (value, unit) = (Double(bytes), 0)
  while value >= 1024, unit < units.count - 1 {
    value /= 1024
    unit += 1
  }
  return unit == 0 ? "\(bytes) B" : "\(fixed(value, value < 10 ? 1 : 0)) \(units[unit])"
}
