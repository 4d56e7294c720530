/// The known name that a misspelt one most likely stands for, if any is near enough.
///
/// Near means: equal but for case, `_` and `-`, or at most one edit in three letters apart
/// (Damerau-Levenshtein: insert, delete, replace, swap neighbours), or else the only known name that
/// begins so.
public func nearestName(to name: String, in known: [String]) -> String? {
  // A cfg may hold lines of any length; no known name is that long.
  guard name.utf8.count <= 64 else { return nil }
  let wanted = fold(name)
  let reach = max(1, wanted.count / 3)
  var best: (name: String, distance: Int)?
  for candidate in known {
    // Folding only makes a name shorter.
    guard candidate.utf8.count >= wanted.count - reach else { continue }
    let folded = fold(candidate)
    if folded == wanted { return candidate }
    guard abs(folded.count - wanted.count) <= reach else { continue }
    let distance = editDistance(wanted, folded)
    guard distance <= reach, distance < folded.count, distance < best?.distance ?? .max else {
      continue
    }
    best = (candidate, distance)
  }
  return best?.name ?? onlyCompletion(of: wanted, in: known)
}

private func onlyCompletion(of start: [UInt8], in known: [String]) -> String? {
  guard start.count >= 3 else { return nil }
  let completions = known.filter { fold($0).starts(with: start) }
  return completions.count == 1 ? completions[0] : nil
}

/// Lower case, without what people leave out or mix up.
private func fold(_ name: String) -> [UInt8] {
  var folded: [UInt8] = []
  folded.reserveCapacity(name.utf8.count)
  for byte in name.utf8 {
    switch byte {
    case UInt8(ascii: "_"), UInt8(ascii: "-"): continue
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): folded.append(byte | 0x20)
    default: folded.append(byte)
    }
  }
  return folded
}

private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  // Three rows of the table, the one before last, the last and the new one.
  let width = b.count + 1
  var cells = [Int](repeating: 0, count: 3 * width)
  for j in 0...b.count { cells[width + j] = j }
  var (beforeLast, last, row) = (0, width, 2 * width)
  for i in 0..<a.count {
    cells[row] = i + 1
    for j in 0..<b.count {
      var best = min(
        cells[last + j] + (a[i] == b[j] ? 0 : 1), cells[last + j + 1] + 1, cells[row + j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, cells[beforeLast + j - 1] + 1)
      }
      cells[row + j + 1] = best
    }
    (beforeLast, last, row) = (last, row, beforeLast)
  }
  return cells[last + b.count]
}
