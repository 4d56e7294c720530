#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `e^x`; the one place that needs the C library's mathematics.
func exponential(_ x: Double) -> Double { exp(x) }

/// `x^y`.
func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// `1 / (1 + e^-x)`. Source: Darknet `activations.h`.
func logistic(_ x: Float) -> Float { Float(1 / (1 + exponential(-Double(x)))) }
