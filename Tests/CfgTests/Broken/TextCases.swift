/// The text itself.
extension Broken {
  static let text = [
    Broken(
      "an empty file",
      [
        Finding(
          "1:1 error empty-file",
          says: "the file holds no section")
      ],
      whole: ""),
    Broken(
      "a file of comments",
      [
        Finding(
          "1:1 error empty-file",
          says: "the file holds no section")
      ],
      whole: """
        # nothing
        ; here
        """),
    Broken(
      "options before any section",
      [
        Finding(
          "1:1 error option-outside-section",
          says: "an option stands before the first section")
      ],
      whole: """
        width=32
        height=32
        """),
    Broken(
      "options before [net], reported once",
      [
        Finding(
          "1:1 error option-outside-section",
          says: "an option stands before the first section")
      ],
      whole: """
        batch=1
        seen=3
        [net]
        width=32
        height=32
        channels=3
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a section without its bracket",
      [
        Finding(
          "1:1 error unclosed-section",
          says: "the section name lacks its ']'",
          help: "write [net]")
      ],
      whole: """
        [net
        width=32
        height=32
        channels=3
        [convolutional]
        filters=8
        size=1
        activation=linear
        """),
    Broken(
      "a comment behind a section",
      [
        Finding(
          "5:18 warning text-after-section",
          says: "'#stem' follows the section name; Darknet takes it for part of the name and",
          help: "move it to a line of its own")
      ],
      onNet: """
        [convolutional]  # stem
        filters=8
        activation=linear
        """),
    Broken(
      "a line that starts with =",
      [
        Finding(
          "6:1 error missing-key",
          says: "the line starts with '='",
          help: "write key=value")
      ],
      onNet: """
        [convolutional]
        =8
        activation=linear
        """),
    Broken(
      "a line without =",
      [
        Finding(
          "6:1 warning missing-equals",
          says: "'batch_normalize' is neither a section, a comment nor key=value; ignored",
          help: "write batch_normalize=value, or # in front of it")
      ],
      onNet: """
        [convolutional]
        batch_normalize
        activation=linear
        """),
    Broken(
      "a key without a value",
      [
        Finding(
          "6:1 warning missing-value",
          says: "'filters' has no value; the line is dropped, as in Darknet",
          help: "write a value after '=', or remove the line")
      ],
      onNet: """
        [convolutional]
        filters=
        activation=linear
        """),
    Broken(
      "a key set twice, differently",
      [
        Finding(
          "7:1 warning duplicate-key",
          says: "'filters' was set in line 6 already; the first one counts: 8")
      ],
      onNet: """
        [convolutional]
        filters=8
        filters=16
        activation=linear
        """),
    Broken(
      "a key set twice, the same",
      [
        Finding(
          "7:1 note duplicate-key",
          says: "'filters' was set in line 6 already; the first one counts: 8")
      ],
      onNet: """
        [convolutional]
        filters=8
        filters=8
        activation=linear
        """),
    Broken(
      "a comment behind a number",
      [
        Finding(
          "6:9 warning inline-comment",
          says: "there are no comments behind a value: Darknet reads '40#32' and happens to",
          help: "move the comment to a line of its own")
      ],
      onNet: """
        [convolutional]
        filters=40 #32
        activation=linear
        """),
    Broken(
      "a comment behind a list",
      [
        Finding(
          "14:10 warning inline-comment",
          says: "there are no comments behind a value: Darknet reads '-1,0###S4' and happens",
          help: "move the comment to a line of its own")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers = -1, 0 ###S4
        """),
    Broken(
      "a comment with commas behind layers",
      [
        Finding(
          "14:10 error inline-comment",
          says: "there are no comments behind a value: Darknet counts the commas in it and",
          help: "move the comment to a line of its own")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers = -1, -2 # a, b
        """),
    Broken(
      "a comment behind an activation",
      [
        Finding(
          "7:12 warning unknown-activation",
          says: "no activation is called 'leaky#c'; Darknet runs it as relu, and so does",
          help: "move the comment to a line of its own: activation=leaky")
      ],
      onNet: """
        [convolutional]
        filters=8
        activation=leaky # c
        """),
    Broken(
      "a comma at the end of layers",
      [
        Finding(
          "14:16 error trailing-comma",
          says: "the list ends in a comma; Darknet adds an entry of value 0")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers = -1, -2,
        """),
    Broken(
      "a comma at the end of anchors",
      [
        Finding(
          "12:20 warning trailing-comma",
          says: "the list ends in a comma; Darknet adds an entry of value 0")
      ],
      onNet: """
        [convolutional]
        filters=18
        size=1
        activation=linear
        [yolo]
        classes=1
        num=3
        anchors=1,2,3,4,5,6,
        """),
    Broken(
      "two commas in a row",
      [
        Finding(
          "14:8 error not-a-number",
          says: "an element of 'layers' is empty; Darknet reads 0")
      ],
      onNet: """
        [convolutional]
        filters=8
        size=1
        activation=linear
        [convolutional]
        filters=8
        size=1
        activation=linear
        [route]
        layers=-1,,-2
        """),
    Broken(
      "a web page",
      [
        Finding(
          "1:1 error not-a-cfg",
          says: "this looks like a web page, a cfg file was expected",
          help: "download the file itself, not the page that shows it")
      ],
      whole: """
        <!DOCTYPE html>
        <html><body class="x">
        """),
    Broken(
      "characters that no editor shows",
      [
        Finding(
          "5:8 warning invisible-character",
          says: "the section holds U+200B (zero width space), which is no whitespace to Darknet"),
        Finding(
          "6:8 warning invisible-character",
          says: "the key holds U+00A0 (no-break space), which is no whitespace to Darknet: it does",
          help: "remove it, or write an ordinary space"),
        Finding(
          "7:6 warning invisible-character",
          says: "the value holds U+3000 (ideographic space)"),
      ],
      onNet: """
        [convol\u{200B}utional]
        filters\u{A0}=\u{A0}8
        size=\u{3000}1
        # \u{A0} comments may hold anything
        activation=linear
        """),
    Broken(
      "bytes that a terminal would obey",
      [
        Finding(
          "7:12 warning unknown-activation",
          says: "no activation is called '␛[31mrelu'; Darknet runs it as relu, and so does"),
        Finding(
          "7:21 warning invisible-character",
          says: "the line holds U+0000, where Darknet ends it; ignored here",
          help: "remove it, or write an ordinary space"),
      ],
      onNet: """
        [convolutional]
        filters=8
        activation=\u{1B}[31mrelu\u{0}
        """),
  ]
}
