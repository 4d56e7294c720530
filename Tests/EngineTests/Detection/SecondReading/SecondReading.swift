import Foundation

/// Another reading of sections 5 to 7 of `darknet-detect.md`: from the outputs of heads to boxes.
///
/// It is slow and follows the text line by line, and uses nothing of the library, so that the two can
/// be wrong only in different ways.
struct SecondReading {
  enum Kind: String, CaseIterable {
    case yolo, gaussian, region, detection
  }

  struct Head {
    var kind: Kind
    var classes: Int
    /// The grid; `side` by `side` for `[detection]`.
    var width: Int
    var height: Int
    /// All anchors, two numbers each, and which of them this head uses.
    var anchors: [Float]
    var mask: [Int]
    var newCoordinates = false
    var point = "center"
    var nmsKind = "default"
    var beta: Float = 0.6
    var classFix = 0
    /// The parent of each class.
    var tree: [Int]?
    /// Boxes of a cell, and whether sizes are square roots, of `[detection]`.
    var num = 1
    var squareRoots = false
    /// The output, after the layer's own activations.
    var output: [Float] = []
  }

  final class Det {
    var (x, y, w, h): (Float, Float, Float, Float)
    var objectness: Float
    var prob: [Float]

    init(_ box: (Float, Float, Float, Float), objectness: Float, prob: [Float]) {
      (x, y, w, h) = box
      self.objectness = objectness
      self.prob = prob
    }
  }

  var heads: [Head]
  var netWidth: Int
  var netHeight: Int
  var imageWidth: Int
  var imageHeight: Int
  var letter: Bool
  var thresh: Float
  /// Nil where nothing is suppressed.
  var nms: Float?
  /// In place of what the last head says.
  var nmsKind: String?

  /// What is left, in the order of the array, in fractions of the picture.
  func boxes() -> [Det] {
    var dets: [Det] = []
    for head in heads {
      var found = decode(head)
      if head.kind != .detection { found.forEach(correct) }
      // As the library documents: what is not finite is nowhere.
      found.removeAll { det in
        let (w, h) = (Float(imageWidth), Float(imageHeight))
        return ![det.x * w, det.y * h, det.w * w, det.h * h].allSatisfy(\.isFinite)
      }
      dets += found
    }
    if let nms { suppress(&dets, nms) }
    return dets
  }

  // MARK: Section 5, decoding

  private func decode(_ head: Head) -> [Det] {
    switch head.kind {
    case .yolo: yolo(head)
    case .gaussian: gaussian(head)
    case .region: region(head)
    case .detection: detection(head)
    }
  }

  /// A probability is stored as 0 unless it exceeds the threshold.
  private func stored(_ probability: Float) -> Float { probability > thresh ? probability : 0 }

  private func yolo(_ head: Head) -> [Det] {
    var dets: [Det] = []
    let plane = head.width * head.height
    for row in 0..<head.height {
      for col in 0..<head.width {
        for (slot, n) in head.mask.enumerated() {
          func entry(_ number: Int) -> Float {
            head.output[(slot * (5 + head.classes) + number) * plane + row * head.width + col]
          }
          let obj = entry(4)
          if !(obj > thresh) { continue }
          let (aw, ah) = (head.anchors[2 * n], head.anchors[2 * n + 1])
          let bx = (Float(col) + entry(0)) / Float(head.width)
          let by = (Float(row) + entry(1)) / Float(head.height)
          let (pw, ph) = (entry(2), entry(3))
          var bw: Float
          var bh: Float
          if head.newCoordinates {
            bw = pw * pw * 4 * aw / Float(netWidth)
            bh = ph * ph * 4 * ah / Float(netHeight)
          } else {
            bw = Float(exp(Double(pw)) * Double(aw) / Double(netWidth))
            bh = Float(exp(Double(ph)) * Double(ah) / Double(netHeight))
          }
          let prob = (0..<head.classes).map { stored(obj * entry(5 + $0)) }
          dets.append(Det((bx, by, bw, bh), objectness: obj, prob: prob))
        }
      }
    }
    return dets
  }

  private func gaussian(_ head: Head) -> [Det] {
    var dets: [Det] = []
    let plane = head.width * head.height
    for row in 0..<head.height {
      for col in 0..<head.width {
        for (slot, n) in head.mask.enumerated() {
          func entry(_ number: Int) -> Float {
            head.output[(slot * (9 + head.classes) + number) * plane + row * head.width + col]
          }
          let obj = entry(8)
          if !(obj > thresh) { continue }
          var bx = (Float(col) + entry(0)) / Float(head.width)
          var by = (Float(row) + entry(2)) / Float(head.height)
          let (aw, ah) = (head.anchors[2 * n], head.anchors[2 * n + 1])
          let bw = Float(exp(Double(entry(4))) * Double(aw) / Double(netWidth))
          let bh = Float(exp(Double(entry(6))) * Double(ah) / Double(netHeight))
          if head.point == "left_top" { (bx, by) = (bx + bw / 2, by + bh / 2) }
          if head.point == "right_bottom" { (bx, by) = (bx - bw / 2, by - bh / 2) }
          let mean = (entry(1) + entry(3) + entry(5) + entry(7)) / 4
          let prob = (0..<head.classes).map { stored(obj * entry(9 + $0) * (1 - mean)) }
          dets.append(Det((bx, by, bw, bh), objectness: obj, prob: prob))
        }
      }
    }
    return dets
  }

  private func region(_ head: Head) -> [Det] {
    func logistic(_ x: Float) -> Float { Float(1 / (1 + exp(-Double(x)))) }
    let num = head.anchors.count / 2
    var dets: [Det] = []
    for row in 0..<head.height {
      for col in 0..<head.width {
        for n in 0..<num {
          let start = ((row * head.width + col) * num + n) * (5 + head.classes)
          let record = Array(head.output[start..<start + 5 + head.classes])
          let bx = (Float(col) + logistic(record[0])) / Float(head.width)
          let by = (Float(row) + logistic(record[1])) / Float(head.height)
          let bw = Float(
            exp(Double(record[2])) * Double(head.anchors[2 * n]) / Double(head.width))
          let bh = Float(
            exp(Double(record[3])) * Double(head.anchors[2 * n + 1]) / Double(head.height))
          var obj = record[4]
          if head.classFix == -1, obj < 0.5 { obj = 0 }
          var prob = Array(repeating: Float(0), count: head.classes)
          if let parents = head.tree {
            var scores = Array(record[5...])
            for j in 0..<head.classes where parents[j] >= 0 { scores[j] *= scores[parents[j]] }
            for j in (0..<head.classes).reversed() where scores[j] > 0.5 {
              if obj > thresh { prob[j] = scores[j] }
              break
            }
          } else {
            for j in 0..<head.classes { prob[j] = stored(obj * record[5 + j]) }
          }
          dets.append(Det((bx, by, bw, bh), objectness: 1, prob: prob))
        }
      }
    }
    return dets
  }

  /// Section 5.4 gives pixels of the picture; here they are fractions of it, as those of other heads.
  private func detection(_ head: Head) -> [Det] {
    let side = head.width
    var dets: [Det] = []
    for row in 0..<side {
      for col in 0..<side {
        let i = row * side + col
        for b in 0..<head.num {
          let conf = head.output[side * side * head.classes + i * head.num + b]
          let place = side * side * (head.classes + head.num) + (i * head.num + b) * 4
          let (x, y) = (head.output[place], head.output[place + 1])
          var (w, h) = (head.output[place + 2], head.output[place + 3])
          if head.squareRoots { (w, h) = (w * w, h * h) }
          let prob = (0..<head.classes).map { stored(conf * head.output[i * head.classes + $0]) }
          dets.append(
            Det(
              ((x + Float(col)) / Float(side), (y + Float(row)) / Float(side), w, h),
              objectness: conf, prob: prob))
        }
      }
    }
    return dets
  }

  // MARK: Section 5.5, undoing the resize

  /// The picture's size inside the network's input.
  ///
  /// A side that the integer division makes 0 counts as 1, where Darknet divides by zero.
  static func size(
    _ w: Int, _ h: Int, _ netw: Int, _ neth: Int, letter: Bool
  ) -> (nw: Int, nh: Int) {
    guard letter else { return (netw, neth) }
    if Float(netw) / Float(w) < Float(neth) / Float(h) { return (netw, max((h * netw) / w, 1)) }
    return (max((w * neth) / h, 1), neth)
  }

  private func correct(_ det: Det) {
    let (nw, nh) = Self.size(imageWidth, imageHeight, netWidth, netHeight, letter: letter)
    let (netw, neth) = (Float(netWidth), Float(netHeight))
    det.x = (det.x - (netw - Float(nw)) / 2 / netw) / (Float(nw) / netw)
    det.y = (det.y - (neth - Float(nh)) / 2 / neth) / (Float(nh) / neth)
    det.w /= Float(nw) / netw
    det.h /= Float(nh) / neth
  }

  // MARK: Sections 6 and 7, suppression

  private func overlap(_ x1: Float, _ w1: Float, _ x2: Float, _ w2: Float) -> Float {
    min(x1 + w1 / 2, x2 + w2 / 2) - max(x1 - w1 / 2, x2 - w2 / 2)
  }

  private func iou(_ a: Det, _ b: Det) -> Float {
    let w = overlap(a.x, a.w, b.x, b.w)
    let h = overlap(a.y, a.h, b.y, b.h)
    let i = w < 0 || h < 0 ? 0 : w * h
    let u = a.w * a.h + b.w * b.h - i
    return i == 0 || u == 0 ? 0 : i / u
  }

  private func diou(_ a: Det, _ b: Det, _ exponent: Double) -> Float {
    let iou = iou(a, b)
    let width = max(a.x + a.w / 2, b.x + b.w / 2) - min(a.x - a.w / 2, b.x - b.w / 2)
    let height = max(a.y + a.h / 2, b.y + b.h / 2) - min(a.y - a.h / 2, b.y - b.h / 2)
    let c2 = width * width + height * height
    if c2 == 0 { return iou }
    let d2 = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)
    return iou - Float(pow(Double(d2 / c2), exponent))
  }

  private func suppress(_ dets: inout [Det], _ t: Float) {
    let last = heads.last { $0.kind != .detection }
    let kind = nmsKind ?? last?.nmsKind ?? "default"
    let beta = last?.beta ?? 0.6
    func measure(_ a: Det, _ b: Det) -> Float {
      switch kind {
      case "greedynms": diou(a, b, 0.6)
      case "diounms": diou(a, b, Double(beta))
      default: iou(a, b)
      }
    }
    // 1. Those without objectness go to the end.
    var k = dets.count - 1
    var i = 0
    while i <= k {
      if dets[i].objectness == 0 {
        dets.swapAt(i, k)
        k -= 1
        i -= 1
      }
      i += 1
    }
    dets = Array(dets.prefix(k + 1))
    // 2. Class by class.
    for k in 0..<(heads.map(\.classes).max() ?? 0) {
      dets = stablySorted(dets, by: k)
      for i in dets.indices where dets[i].prob[k] != 0 {
        for j in dets.indices.dropFirst(i + 1) where measure(dets[i], dets[j]) > t {
          dets[j].prob[k] = 0
        }
      }
    }
  }

  /// Descending by the probability of class `k`; an insertion sort, which is stable.
  private func stablySorted(_ dets: [Det], by k: Int) -> [Det] {
    var sorted: [Det] = []
    for det in dets {
      var place = sorted.count
      while place > 0, sorted[place - 1].prob[k] < det.prob[k] { place -= 1 }
      sorted.insert(det, at: place)
    }
    return sorted
  }
}
