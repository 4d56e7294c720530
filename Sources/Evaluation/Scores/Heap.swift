/// A binary heap: the least element comes first.
struct Heap<Element: Comparable> {
  private var elements: [Element] = []

  mutating func insert(_ element: Element) {
    elements.append(element)
    var place = elements.count - 1
    while place > 0, elements[place] < elements[(place - 1) / 2] {
      elements.swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  mutating func removeFirst() -> Element? {
    guard let last = elements.popLast() else { return nil }
    guard let first = elements.first else { return last }
    elements[0] = last
    var place = 0
    while let child = [2 * place + 1, 2 * place + 2].filter({ $0 < elements.count })
      .min(by: { elements[$0] < elements[$1] }), elements[child] < elements[place]
    {
      elements.swapAt(place, child)
      place = child
    }
    return first
  }
}
