import PenumbraImaging

/// A small camera on a microscope: slightly out of focus, coarser in colour than in brightness, noisy.
struct Camera: Sendable {
  /// In units.
  private let blur: Float
  private let colourBlur: Float
  private let noise: Float
  private let seed: UInt64

  init(_ random: SceneRandom) {
    var random = random
    blur = random.chance(0.8) ? random.uniform(0.8...1.7) : random.uniform(1.7...2.6)
    colourBlur = random.uniform(1.8...3.2)
    noise = random.uniform(0.002...0.008)
    seed = random.next()
  }

  func photograph(_ slide: Slide, in light: Light) -> Image {
    let (width, height) = (slide.view.width, slide.view.height)
    let count = width * height
    var planes = [Float](unsafeUninitializedCapacity: 3 * count) { buffer, filled in
      expose(slide, light, into: buffer.baseAddress!)
      filled = 3 * count
    }
    planes.withUnsafeMutableBufferPointer { buffer in
      let first = buffer.baseAddress!
      let scale = slide.view.scale
      splitColour(first, count)
      let sharp = Gaussian(sigma: blur * scale)
      let soft = Gaussian(sigma: (blur * blur + colourBlur * colourBlur).squareRoot() * scale)
      sharp.apply(to: first, width: width, height: height)
      soft.apply(to: first + count, width: width, height: height)
      soft.apply(to: first + 2 * count, width: width, height: height)
      addNoise(first, width: width, height: height)
      joinColour(first, count)
    }
    return Image(width: width, height: height, channels: 3, pixels: planes)
  }

  /// The light that is left behind the slide.
  private func expose(_ slide: Slide, _ light: Light, into planes: UnsafeMutablePointer<Float>) {
    let view = slide.view
    let count = view.width * view.height
    let unit = 1 / view.scale
    let inverseReach = 4 / (view.size.x * view.size.x + view.size.y * view.size.y)
    for row in 0..<view.height {
      for column in 0..<view.width {
        let place = SIMD2((Float(column) + 0.5) * unit, (Float(row) + 0.5) * unit)
        let level = light(place, inverseReach: inverseReach)
        let index = row * view.width + column
        let density = slide.pixels[index]
        planes[index] = level.x * exponential(-density.x)
        planes[count + index] = level.y * exponential(-density.y)
        planes[2 * count + index] = level.z * exponential(-density.z)
      }
    }
  }

  /// Red, green, blue become brightness, red less green, blue less green.
  private func splitColour(_ planes: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count {
      let (r, g, b) = (planes[i], planes[count + i], planes[2 * count + i])
      planes[i] = 0.3 * r + 0.59 * g + 0.11 * b
      planes[count + i] = r - g
      planes[2 * count + i] = b - g
    }
  }

  private func joinColour(_ planes: UnsafeMutablePointer<Float>, _ count: Int) {
    for i in 0..<count {
      let (luma, red, blue) = (planes[i], planes[count + i], planes[2 * count + i])
      let green = luma - 0.3 * red - 0.11 * blue
      planes[i] = min(max(green + red, 0), 1)
      planes[count + i] = min(max(green, 0), 1)
      planes[2 * count + i] = min(max(green + blue, 0), 1)
    }
  }

  /// Grain in the brightness, some of it shared by neighbours, and a little in the colour.
  private func addNoise(_ planes: UnsafeMutablePointer<Float>, width: Int, height: Int) {
    let count = width * height
    for row in 0..<height {
      var last: Float = 0
      for column in 0..<width {
        let index = row * width + column
        let bits = scattered(seed &+ UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
        let fresh = Self.spread(bits) + Self.spread(bits >> 16)
        planes[index] += noise * (fresh + last) * 0.9
        planes[count + index] += noise * 0.35 * Self.spread(bits >> 32)
        planes[2 * count + index] += noise * 0.35 * Self.spread(bits >> 48)
        last = fresh * 0.6
      }
    }
  }

  /// A number of mean 0 and standard deviation 1 from 16 bits.
  @inline(__always) private static func spread(_ bits: UInt64) -> Float {
    (Float(bits & 0xFF) + Float(bits >> 8 & 0xFF) - 255) * (1 / 104.5)
  }
}
