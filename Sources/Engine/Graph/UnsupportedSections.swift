/// Sections that other programs know and this one refuses, each with the reason.
enum UnsupportedSections {
  static let recurrent =
    "recurrent networks keep state between images, which a detector's session does not"

  static let reasons: [(names: [String], reason: String)] = [
    (["rnn", "gru", "lstm", "crnn", "conv_lstm", "history"], recurrent),
    (
      ["deconvolutional", "deconv"],
      "only the original Darknet knows it; use [upsample] and a [convolutional] instead"
    ),
    (["iseg"], "instance segmentation exists in the original Darknet alone"),
    (["logistic"], "only the original Darknet knows it; use [activation] with activation=logistic"),
    (["l2norm"], "only the original Darknet knows it; no published weights need it"),
  ]

  static func reason(for name: String) -> String? {
    reasons.first { $0.names.contains(name) }?.reason
  }
}
