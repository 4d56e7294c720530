/// A number with a fixed count of decimals, at most nine.
package func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite, value.magnitude < 1e9 else { return "\(value)" }
  let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
  let scaled = Int((value.magnitude * Double(scale)).rounded())
  let (whole, part) = scaled.quotientAndRemainder(dividingBy: scale)
  let digits = String(part)
  let fraction =
    decimals > 0
    ? "." + String(repeating: "0", count: decimals - digits.count) + digits : ""
  return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)" + fraction
}
