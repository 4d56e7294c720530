/// The known name that a misspelt one most likely stands for, if any is near enough.
///
/// Near means: equal but for case, `_` and `-`, or at most one edit in three letters apart
/// (Damerau-Levenshtein: insert, delete, replace, swap neighbours).
public func nearestName(to name: String, in known: [String]) -> String? {
  let folded = fold(name)
  if let same = known.first(where: { fold($0) == folded }) { return same }
  let ranked = known.map { (name: $0, distance: editDistance(folded, fold($0))) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
  return best.distance <= max(1, folded.count / 3) && best.distance < fold(best.name).count
    ? best.name : nil
}

private func fold(_ name: String) -> [Character] {
  name.lowercased().filter { $0 != "_" && $0 != "-" }
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  // A cfg may hold lines of any length; no known name is that long.
  guard a.count <= 64, b.count <= 64 else { return .max }
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 0..<a.count {
    var row = [i + 1]
    for j in 0..<b.count {
      var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        best = min(best, beforeLast[j - 1] + 1)
      }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
