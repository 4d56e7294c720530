/// How the page of a run looks, by daylight and at night.
enum ReportStyle {
  static let css = """
    :root {
      --paper: #fbfbf9; --ink: #1d2023; --faint: #6a7076; --line: #dfe1dc; --card: #ffffff;
      --c1: #1f6fb4; --c2: #c4571b; --c3: #2c8a4b; --c4: #7a4fb0; --c5: #a8791a; --c6: #8fb3d3;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #15181b; --ink: #e6e8ea; --faint: #9aa1a8; --line: #30363b; --card: #1c2024;
        --c1: #5aa9ec; --c2: #ef8a4e; --c3: #5cc284; --c4: #b48fe8; --c5: #dcb354; --c6: #3d5f7e;
      }
    }
    body {
      margin: 0 auto; padding: 1.2rem; max-width: 1240px; background: var(--paper);
      color: var(--ink); font: 15px/1.45 system-ui, sans-serif;
    }
    header { display: flex; align-items: baseline; gap: 1rem; flex-wrap: wrap; }
    h1 { font-size: 1.5rem; margin: 0; }
    h2 { font-size: 1rem; margin: 0 0 0.4rem; }
    h3 { font-size: 0.85rem; margin: 0.8rem 0 0.3rem; color: var(--faint); font-weight: 500; }
    .status { margin: 0; color: var(--faint); }
    .bar { height: 6px; background: var(--line); border-radius: 3px; margin: 0.8rem 0; }
    .bar div { height: 6px; background: var(--c1); border-radius: 3px; }
    .facts { display: flex; flex-wrap: wrap; gap: 0.6rem 2rem; margin: 0.8rem 0 1.2rem; }
    .facts b { display: block; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
    .facts span { color: var(--faint); font-size: 0.85rem; }
    .charts { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
    figure { margin: 0; }
    .charts figure, .tables > div, .warnings {
      background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.8rem;
    }
    figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.85rem; color: var(--faint); }
    figcaption h2 { color: var(--ink); flex-basis: 100%; }
    figcaption b { color: var(--ink); font-variant-numeric: tabular-nums; }
    figcaption i { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; margin-right: 0.3em; }
    svg { display: block; width: 100%; height: auto; margin-top: 0.4rem; }
    svg text { font-size: 11px; fill: var(--faint); font-variant-numeric: tabular-nums; }
    svg .grid { stroke: var(--line); stroke-width: 1; }
    svg polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; }
    \((1...6).map { """
      .k\($0) { background: var(--c\($0)); } svg polyline.c\($0) { stroke: var(--c\($0)); } \
      svg circle.c\($0) { fill: var(--c\($0)); } \
      svg .b\($0) { fill: var(--c\($0)); opacity: 0.25; }
      """ }.joined(separator: "\n"))
    section { margin-bottom: 1.2rem; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
    th, td { text-align: left; padding: 0.2rem 1.2rem 0.2rem 0; vertical-align: top; }
    th { color: var(--faint); font-weight: 500; }
    td + td, th + th { overflow-wrap: anywhere; }
    tr + tr td { border-top: 1px solid var(--line); }
    .samples { display: flex; gap: 0.8rem; overflow-x: auto; padding-bottom: 0.4rem; }
    .sample img { display: block; border-radius: 4px; height: auto; }
    .tables { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(340px, 1fr)); }
    .warnings { border-color: var(--c5); }
    .warnings ul { margin: 0; padding-left: 1.2rem; }
    """
}
