/// Another reading of sections 2 and 3 of `darknet-detect.md`: how a grey picture is fitted.
struct SecondPicture {
  var width: Int
  var height: Int
  var pixels: [Float]

  func fitted(_ netw: Int, _ neth: Int, letter: Bool) -> SecondPicture {
    guard letter else { return resized(netw, neth) }
    let (nw, nh) = SecondReading.size(width, height, netw, neth, letter: true)
    let small = resized(nw, nh)
    var boxed = SecondPicture(
      width: netw, height: neth, pixels: Array(repeating: 0.5, count: netw * neth))
    for r in 0..<nh {
      for c in 0..<nw {
        boxed.pixels[(r + (neth - nh) / 2) * netw + c + (netw - nw) / 2] = small.pixels[r * nw + c]
      }
    }
    return boxed
  }

  private func resized(_ netw: Int, _ neth: Int) -> SecondPicture {
    if (netw, neth) == (width, height) { return self }
    let (w, h) = (width, height)
    // A target of 1 divides by zero in Darknet; the library takes the last column or row.
    let sw = netw == 1 ? 0 : Float(w - 1) / Float(netw - 1)
    let sh = neth == 1 ? 0 : Float(h - 1) / Float(neth - 1)
    var part = Array(repeating: Float(0), count: netw * h)
    for r in 0..<h {
      for c in 0..<netw {
        if c == netw - 1 || w == 1 {
          part[r * netw + c] = pixels[r * w + w - 1]
        } else {
          let sx = Float(c) * sw
          let ix = Int(sx)
          let dx = sx - Float(ix)
          part[r * netw + c] = (1 - dx) * pixels[r * w + ix] + dx * pixels[r * w + ix + 1]
        }
      }
    }
    var out = Array(repeating: Float(0), count: netw * neth)
    for r in 0..<neth {
      let sy = neth == 1 ? Float(h - 1) : Float(r) * sh
      let iy = Int(sy)
      let dy = sy - Float(iy)
      for c in 0..<netw {
        out[r * netw + c] = (1 - dy) * part[iy * netw + c]
        if r != neth - 1, h != 1 { out[r * netw + c] += dy * part[(iy + 1) * netw + c] }
      }
    }
    return SecondPicture(width: netw, height: neth, pixels: out)
  }
}
