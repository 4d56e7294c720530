import PenumbraSupport

/// A picture as a web page: what SVG shows as a plain hint follows the pointer in a box.
struct Page {
  private let title: String
  private let svg: String

  init(title: String, svg: String) { (self.title, self.svg) = (title, svg) }

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>\(title.xmlEscaped)</title>
    <style>
    body { margin: 1.5em; background: #ffffff; font-family: \(Drawing.font); }
    svg { max-width: 100%; height: auto; }
    #tip {
      position: fixed; display: none; max-width: 32em; padding: 0.5em 0.7em; white-space: pre-line;
      font-size: 13px; line-height: 1.4; color: #ffffff; background: #222222ee; border-radius: 4px;
      pointer-events: none;
    }
    [data-tip]:hover { stroke: #222222; stroke-width: 1.5; }
    </style>
    </head>
    <body>
    \(svg)<div id="tip" role="tooltip"></div>
    <script>
    "use strict";
    const tip = document.getElementById("tip");
    for (const title of document.querySelectorAll("svg title")) {
      title.parentNode.setAttribute("data-tip", title.textContent);
      title.remove();
    }
    document.addEventListener("mousemove", (event) => {
      const target = event.target.closest("[data-tip]");
      tip.style.display = target ? "block" : "none";
      if (!target) return;
      tip.textContent = target.getAttribute("data-tip");
      const x = Math.min(event.clientX + 14, window.innerWidth - tip.offsetWidth - 8);
      const y = Math.min(event.clientY + 14, window.innerHeight - tip.offsetHeight - 8);
      tip.style.left = Math.max(4, x) + "px";
      tip.style.top = Math.max(4, y) + "px";
    });
    </script>
    </body>
    </html>

    """
  }
}
