import Foundation

// The few functions of the C library that this module needs, in one place.

func exponential(_ x: Double) -> Double { exp(x) }

func sineAndCosine(degrees: Double) -> (sine: Double, cosine: Double) {
  let radians = degrees * .pi / 180
  return (sin(radians), cos(radians))
}
