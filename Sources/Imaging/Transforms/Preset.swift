/// Whose habits to follow where the two well-known Darknets disagree.
public enum Preset: String, Sendable, Hashable, Codable, CaseIterable {
  /// Stretches detector inputs unless `[net] letter_box=1`; classifiers see a center crop.
  case alexeyab
  /// Letterboxes every input.
  case pjreddie

  /// How a detector's input is fitted; `letterBox` is the key of `[net]`, or the caller's wish.
  public func detectorFit(letterBox: Bool) -> Fit {
    self == .pjreddie || letterBox ? .letterbox : .stretch
  }

  /// How a classifier's input is fitted.
  public var classifierFit: Fit { self == .pjreddie ? .letterbox : .centerCrop }
}

/// How a picture of any size becomes an input of one size.
public enum Fit: String, Sendable, Hashable, Codable, CaseIterable {
  /// Both sides to size, proportions lost.
  case stretch
  /// In proportion, with grey margins.
  case letterbox
  /// Shorter side to size, the center of the longer one.
  case centerCrop = "center-crop"
}
