#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// An sRGB color.
struct Color: Hashable {
  let red, green, blue: UInt8

  static let black = Color(red: 0, green: 0, blue: 0)
  static let white = Color(red: 255, green: 255, blue: 255)
}

extension Color {
  /// The color of a class, for ever: hues a golden section apart, lightness in three steps.
  ///
  /// Neighbors in a class list differ most, and no hue looks brighter than another of its step,
  /// because hue and lightness are those of OKLCH.
  static func of(classIndex: Int) -> Color {
    let index = Double(UInt32(truncatingIfNeeded: classIndex))
    let turn = (0.07 + index * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1)
    let lightness = [0.74, 0.64, 0.83][Int(index) % 3]
    return Color(lightness: lightness, chroma: 0.19, hue: turn * 2 * Double.pi)
  }

  /// - Source: B. Ottosson, "A perceptual color space for image processing", 2020.
  init(lightness: Double, chroma: Double, hue: Double) {
    let (a, b) = (chroma * cos(hue), chroma * sin(hue))
    func cube(_ x: Double) -> Double { x * x * x }
    let l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b)
    let m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b)
    let s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b)
    red = sRGB(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
    green = sRGB(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
    blue = sRGB(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)
  }

  /// Black or white, whichever stands out more from this color.
  var legibleInk: Color {
    // The contrast ratios (L + 0.05) / 0.05 and 1.05 / (L + 0.05) are equal at L = 0.179.
    luminance > 0.179 ? .black : .white
  }

  /// - Source: WCAG 2.1, relative luminance.
  var luminance: Double {
    0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }
}

/// The nearest displayable value of a linear component.
private func sRGB(_ linear: Double) -> UInt8 {
  let x = min(max(linear, 0), 1)
  let encoded = x <= 0.0031308 ? 12.92 * x : 1.055 * pow(x, 1 / 2.4) - 0.055
  return UInt8((encoded * 255).rounded())
}

private func linear(_ encoded: UInt8) -> Double {
  let x = Double(encoded) / 255
  return x <= 0.04045 ? x / 12.92 : pow((x + 0.055) / 1.055, 2.4)
}
