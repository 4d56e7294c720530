import PenumbraSupport

/// What the page of an evaluation looks like: for light and dark screens, wide and narrow.
enum PageStyle {
  /// Colours that lines have; further lines are grey.
  static let colors = 8

  static let css = """
    :root {
      color-scheme: light dark;
      --ink: #1d2129; --faint: #667080; --paper: #fbfbfa; --card: #ffffff; --line: #dfe2e7;
      --good: #2f9e55; --wrong: #e07a00; --missed: #d6336c; --heat: 37 99 190;
      --c1: #2563be; --c2: #d6336c; --c3: #2f9e55; --c4: #e07a00;
      --c5: #7a4fd0; --c6: #0f8f9c; --c7: #9a6b12; --c8: #b0379b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ink: #e6e8ec; --faint: #98a1b0; --paper: #15181d; --card: #1d2128; --line: #343a45;
        --good: #4cc877; --wrong: #ffa23a; --missed: #ff6b9d; --heat: 96 156 245;
        --c1: #609cf5; --c2: #ff6b9d; --c3: #4cc877; --c4: #ffa23a;
        --c5: #ab88f5; --c6: #3cc5d2; --c7: #d3a548; --c8: #e278cf;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 1.6rem 1.2rem 3rem; max-width: 1180px; background: var(--paper);
      color: var(--ink); font: 15px/1.45 system-ui, sans-serif; overflow-wrap: anywhere;
    }
    h1 { font-size: 1.5rem; margin: 0; }
    h2 { font-size: 1.05rem; margin: 0 0 0.5rem; }
    p { margin: 0.2rem 0; }
    .faint, .faint a { color: var(--faint); }
    .facts { display: flex; flex-wrap: wrap; gap: 0.8rem 2.2rem; margin: 1.1rem 0 1.4rem; }
    .facts b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
    .facts span { color: var(--faint); font-size: 0.85rem; }
    .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 430px), 1fr)); }
    .card {
      background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.9rem 1rem;
      margin-bottom: 1rem; min-width: 0;
    }
    .cards .card { margin-bottom: 0; }
    .cards { margin-bottom: 1rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.92rem; width: 100%; }
    th { color: var(--faint); font-weight: 500; white-space: nowrap; }
    th, td { text-align: right; padding: 0.22rem 0 0.22rem 1.1rem; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    td { border-top: 1px solid var(--line); white-space: nowrap; }
    .legend { display: flex; flex-wrap: wrap; gap: 0.1rem 1.1rem; font-size: 0.87rem; }
    .legend i {
      display: inline-block; width: 0.85em; height: 0.85em; border-radius: 2px; margin-right: 0.35em;
    }
    svg { display: block; width: 100%; height: auto; }
    svg text { font: 12px system-ui, sans-serif; fill: var(--faint); font-variant-numeric: tabular-nums; }
    svg .grid { stroke: var(--line); stroke-width: 1; }
    svg polyline { fill: none; stroke-width: 1.7; stroke-linejoin: round; }
    svg .all { stroke: var(--ink); stroke-width: 2.4; stroke-dasharray: 5 3; }
    svg circle.all { stroke-dasharray: none; stroke-width: 1.7; }
    svg .c0 { stroke: var(--faint); stroke-opacity: 0.35; stroke-width: 1; }
    .k-all { background: var(--ink); }
    svg .cell { fill: rgb(var(--heat)); stroke: var(--line); }
    svg .right { fill: var(--good); }
    svg text.ink { fill: var(--ink); }
    svg text.on { fill: #ffffff; }
    \((1...colors).map { "svg .c\($0) { stroke: var(--c\($0)); } .k\($0) { background: var(--c\($0)); }" }
      .joined(separator: "\n"))
    .pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 350px), 1fr)); margin-top: 0.5rem; }
    figure { margin: 0; }
    figure svg { border-radius: 5px; margin-bottom: 0.25rem; }
    figcaption { font-size: 0.85rem; color: var(--faint); }
    .mark { fill: none; vector-effect: non-scaling-stroke; stroke-width: 2; }
    .mark.found { stroke: #3fd07a; stroke-width: 1.3; }
    .mark.wrong { stroke: #ff9a1f; }
    .mark.missed { stroke: #ff4f8b; stroke-dasharray: 6 3; }
    .k-found { background: #3fd07a; } .k-wrong { background: #ff9a1f; } .k-missed { background: #ff4f8b; }
    svg text.label { fill: #ffffff; font-weight: 600; stroke: #000000; stroke-opacity: 0.6; paint-order: stroke; }
    """
}

/// Parts that pages share.
enum PagePart {
  static func page(title: String, body: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(title.xmlEscaped)</title>
    <style>
    \(PageStyle.css)
    </style>
    </head>
    <body>
    \(body)
    </body>
    </html>

    """
  }

  static func facts(_ facts: [(value: String, meaning: String)]) -> String {
    "<div class=\"facts\">"
      + facts.map {
        "<div><b>\($0.value.xmlEscaped)</b><span>\($0.meaning.xmlEscaped)</span></div>"
      }
      .joined() + "</div>"
  }

  /// - Parameter body: of HTML, not escaped.
  static func card(_ title: String, _ body: String) -> String {
    "<section class=\"card\"><h2>\(title.xmlEscaped)</h2>\(body)</section>"
  }

  static func table(_ headings: [String], _ rows: [[String]]) -> String {
    func cells(_ texts: [String], _ tag: String) -> String {
      "<tr>" + texts.map { "<\(tag)>\($0.xmlEscaped)</\(tag)>" }.joined() + "</tr>"
    }
    return "<div class=\"scroll\"><table>\(cells(headings, "th"))"
      + rows.map { cells($0, "td") }.joined(separator: "\n") + "</table></div>"
  }
}
