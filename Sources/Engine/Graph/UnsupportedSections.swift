/// Sections that other programs know and this one refuses, each with the reason.
enum UnsupportedSections {
  struct Refusal: Sendable {
    let names: [String]
    let reason: String
    let help: String
  }

  static let all: [Refusal] = [
    Refusal(
      names: ["rnn", "gru", "lstm", "crnn", "conv_lstm", "history"],
      reason:
        "it is recurrent: it keeps state between images, which a session here does not",
      help: "run this network in Darknet, or replace the section by one without state"),
    Refusal(
      names: ["deconvolutional", "deconv"], reason: "only the original Darknet knows it",
      help: "use [upsample] and a [convolutional] instead"),
    Refusal(
      names: ["iseg"], reason: "only the original Darknet segments instances",
      help: "run this network in the original Darknet"),
    Refusal(
      names: ["logistic"], reason: "only the original Darknet knows it",
      help: "use [activation] with activation=logistic"),
    Refusal(
      names: ["l2norm"], reason: "only the original Darknet knows it",
      help: "remove it; no published weights need it"),
  ]

  static let names = all.flatMap(\.names)

  static func refusal(of name: String) -> Refusal? { all.first { $0.names.contains(name) } }
}
