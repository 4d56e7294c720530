import PenumbraSupport

/// A picture with what was found in it, what is not there, and what was missed.
public struct EvaluatedPicture: Hashable, Sendable {
  public struct Mark: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
      case found, wrong, missed
    }

    public let kind: Kind
    public let rect: PixelRect
    public let label: String
  }

  public let name: String
  /// What is said below it.
  public let caption: String
  /// Pixels that the marks count; the picture itself may be smaller.
  public let width: Int
  public let height: Int
  /// A data URI.
  public let source: String
  public let marks: [Mark]

  /// The picture of a classifier.
  public init(name: String, caption: String, width: Int, height: Int, source: String) {
    self.init(
      name: name, caption: caption, width: width, height: height, source: source, marks: [])
  }

  private init(
    name: String, caption: String, width: Int, height: Int, source: String, marks: [Mark]
  ) {
    self.name = name
    self.caption = caption
    self.width = width
    self.height = height
    self.source = source
    self.marks = marks
  }

  /// The picture of a detector.
  ///
  /// - Parameters:
  ///   - image: what it was judged by.
  ///   - outcome: what came out.
  ///   - source: the picture as a data URI.
  public init(
    _ image: EvaluatedImage, _ outcome: ImageOutcome, names: [String], source: String
  ) {
    func mark(_ kind: Mark.Kind, _ rect: PixelRect, _ label: String) -> Mark {
      Mark(kind: kind, rect: rect, label: label)
    }
    func detection(_ kind: Mark.Kind) -> (Int) -> Mark {
      { index in
        let found = image.detections[index]
        return mark(
          kind, found.rect, "\(names[found.classIndex]) \(fixed(found.confidence * 100, 0))%")
      }
    }
    let missed = outcome.missed.map { index in
      mark(.missed, image.truths[index].rect, names[image.truths[index].classIndex])
    }
    let counts = [
      (outcome.missed.count, "missed"), (outcome.falsePositives.count, "false"),
      (outcome.found.count, "found"),
    ].map { "\($0) \($1)" }
    self.init(
      name: image.name, caption: counts.joined(separator: ", "), width: image.width,
      height: image.height, source: source,
      marks: outcome.found.map(detection(.found)) + missed
        + outcome.falsePositives.map(detection(.wrong)))
  }

  var html: String {
    let side = Double(max(width, height))
    let short = name.split(separator: "/").last.map(String.init) ?? name
    let boxes = marks.map { mark in
      let rect = mark.rect
      return """
        <rect class="mark \(mark.kind.rawValue)" x="\(fixed(rect.left, 1))" \
        y="\(fixed(rect.top, 1))" width="\(fixed(rect.width, 1))" height="\(fixed(rect.height, 1))">\
        <title>\(mark.kind.rawValue): \(mark.label.xmlEscaped)</title></rect>
        """
    }
    let labels = marks.filter { $0.kind != .found }.map { mark in
      """
      <text class="label" style="font-size:\(fixed(side / 32, 1))px;stroke-width:\(fixed(side / 210, 1))" \
      x="\(fixed(max(mark.rect.left, 0) + side / 200, 1))" y="\(fixed(max(mark.rect.top, 0), 1))" \
      dy="1.05em">\(mark.label.xmlEscaped)</text>
      """
    }
    return """
      <figure><svg viewBox="0 0 \(width) \(height)" role="img" aria-label="\(name.xmlEscaped)">\
      <image href="\(source)" width="\(width)" height="\(height)"/>\
      \(boxes.joined())\(labels.joined())</svg><figcaption title="\(name.xmlEscaped)">\(short.xmlEscaped)<br>\
      \(caption.xmlEscaped)</figcaption></figure>
      """
  }

  static let legend = """
    <div class="legend"><span><i class="k-missed"></i>missed</span>\
    <span><i class="k-wrong"></i>false</span><span><i class="k-found"></i>found</span></div>
    """
}
