/// The colours of all pictures; distinguishable without red against green.
enum Palette {
  static let ink = "#222222"
  static let muted = "#777777"
  static let faint = "#dddddd"
  static let band = "#f4f5f7"
  static let wire = "#555555"
  static let ceiling = "#c0392b"

  /// Bars and frames of a part.
  static func strong(_ part: Anatomy.Part) -> String {
    switch part {
    case .stage(0): "#8aa2bd"
    case .stage: "#3b6ea5"
    case .neck: "#d9822b"
    case .head: "#7a4fa3"
    case .classifier: "#5d6d6d"
    }
  }

  /// Areas of a part.
  static func light(_ part: Anatomy.Part) -> String {
    switch part {
    case .stage(0): "#eef2f6"
    case .stage: "#e3ecf6"
    case .neck: "#fdf0e1"
    case .head: "#efe6f6"
    case .classifier: "#ebeeee"
    }
  }
}
