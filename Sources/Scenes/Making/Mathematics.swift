#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

@inline(__always) func exponential(_ x: Float) -> Float { exp(x) }

func unitVector(_ angle: Float) -> SIMD2<Float> { SIMD2(cos(angle), sin(angle)) }

func arcTangent(_ y: Float, _ x: Float) -> Float { atan2(y, x) }

func cosine(_ angle: Float) -> Float { cos(angle) }

@inline(__always) func length(_ v: SIMD2<Float>) -> Float { (v.x * v.x + v.y * v.y).squareRoot() }

/// A bell of height 1; an even power series stands in for the exponential, 0 from 3 widths on.
@inline(__always) func bell(_ x: Float) -> Float {
  let t = max(1 - x * x * (1 / 9), 0)
  let square = t * t
  return square * square * square * square * t
}
