import PenumbraCompute

/// The largest value, or the mean of the valid values, of each window of each channel.
struct Pool: Operation {
  enum Kind: Hashable, Sendable { case largest, mean }

  let kind: Kind
  let window: PoolWindow

  var name: String { kind == .largest ? "max-pool" : "average-pool" }

  func run(_ call: borrowing KernelCall) {
    let channels = Int(window.channels)
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(channels) { c, _ in
        switch kind {
        case .largest: Reference.maxPool(window, input, into: output, channels: c..<c + 1)
        case .mean: Reference.averagePool(window, input, into: output, channels: c..<c + 1)
        }
      }
    }
  }
}

extension Pool: Differentiable {
  var keeps: KeptTensors { kind == .largest ? .inputs : [] }

  func backward(_ call: borrowing BackwardCall) {
    guard let target = call.gradientToAddTo(0) else { return }
    let (input, gradient) = (call.inputs[0], call.outputGradient)
    let (plane, outPlane) = (window.height * window.width, window.outHeight * window.outWidth)
    for n in 0..<call.batch {
      call.parallel(Int(window.channels)) { c, _ in
        let (x, dx) = (input.image(n) + c * plane, target.image(n) + c * plane)
        let dy = gradient.image(n) + c * outPlane
        for place in 0..<outPlane {
          switch kind {
          case .largest: if let cell = largest(x, place) { dx[cell] += dy[place] }
          case .mean: spread(dy[place], place, dx)
          }
        }
      }
    }
  }

  private func rows(_ place: Int) -> Range<Int> {
    let top = place / window.outWidth * window.strideY - window.top
    return (top..<top + window.size).clamped(to: 0..<window.height)
  }
  private func columns(_ place: Int) -> Range<Int> {
    let left = place % window.outWidth * window.strideX - window.left
    return (left..<left + window.size).clamped(to: 0..<window.width)
  }

  /// The first of the largest cells of a window, row by row.
  private func largest(_ x: UnsafePointer<Float>, _ place: Int) -> Int? {
    var best: (cell: Int, value: Float)?
    for row in rows(place) {
      for column in columns(place) {
        let value = x[row * window.width + column]
        if value > best?.value ?? -Float.greatestFiniteMagnitude {
          best = (row * window.width + column, value)
        }
      }
    }
    return best?.cell
  }

  private func spread(_ gradient: Float, _ place: Int, _ dx: UnsafeMutablePointer<Float>) {
    let (rows, columns) = (rows(place), columns(place))
    let share = gradient / Float(max(rows.count * columns.count, 1))
    for row in rows {
      for column in columns { dx[row * window.width + column] += share }
    }
  }
}

/// The mean of each channel.
struct GlobalAverage: Operation {
  let name = "global-average"

  func run(_ call: borrowing KernelCall) {
    let shape = call.inputs[0].shape
    eachImage(call) { input, output in
      for c in 0..<shape.channels {
        var sum = 0.0
        for i in c * shape.planeCount..<(c + 1) * shape.planeCount { sum += Double(input[i]) }
        output[c] = Float(sum / Double(shape.planeCount))
      }
    }
  }
}

extension GlobalAverage: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    let plane = call.inputs[0].shape.planeCount
    let count = call.inputs[0].shape.count
    call.eachImage { _, dx, dy in
      for i in 0..<count { dx[i] += dy[i / plane] / Float(plane) }
    }
  }
}

/// `y[g] = max(x[g], x[g + G], x[g + 2G], …)` over the channels, `G` of them in the output.
struct CompeteChannels: Operation {
  let name = "maxout"

  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    let plane = to.planeCount
    eachImage(call) { input, output in
      for g in 0..<to.channels {
        for p in 0..<plane {
          var largest = -Float.greatestFiniteMagnitude
          for k in stride(from: g, to: from.channels, by: to.channels) {
            let value = input[k * plane + p]
            if value > largest { largest = value }
          }
          output[g * plane + p] = largest
        }
      }
    }
  }
}

extension CompeteChannels: Differentiable {
  var keeps: KeptTensors { .inputs }

  /// The winner, the first of equals, gets all of it.
  func backward(_ call: borrowing BackwardCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    let plane = to.planeCount
    call.eachImage { x, dx, dy in
      for place in 0..<to.count {
        var winner = place
        for k in stride(from: place, to: from.channels * plane, by: to.count)
        where x[k] > x[winner] { winner = k }
        dx[winner] += dy[place]
      }
    }
  }
}
