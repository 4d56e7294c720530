#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// `e^x`. This file is the one place of this module that needs the C library's mathematics.
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
@inline(__always) func exponential(_ x: Float) -> Float { expf(x) }

/// The natural logarithm.
@inline(__always) func logarithm(_ x: Double) -> Double { log(x) }
@inline(__always) func logarithm(_ x: Float) -> Float { logf(x) }

/// `x^y`.
func raise(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// `cos(π x)`.
func halfTurnCosine(_ x: Double) -> Double { cos(x * .pi) }

/// The angle whose tangent is x.
@inline(__always) func arctangent(_ x: Float) -> Float { atanf(x) }

@inline(__always) func logistic(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }
