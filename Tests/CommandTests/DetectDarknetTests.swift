import TestSupport
import Testing

struct DetectDarknetTests {
  let tiny: TinyNetworks

  init() throws { tiny = try TinyNetworks() }

  @Test func `detector test prints what Darknet prints`() throws {
    let result = try tiny.run("detector test net.data net.cfg net.weights a.ppm")
    #expect(
      result
        == CommandResult(
          stdout: """
             Detection layer: 2 - type = 28 
            a.ppm: Predicted in N milli-seconds.
            cat: 78%
            person: 44%
            person: 48%

            """, stderr: "", exitCode: 0))
    #expect(tiny.folder.files.contains("predictions.jpg"))
  }

  @Test func `its options have one dash and stand anywhere`() throws {
    let result = try tiny.run(
      "detector test -i 0 net.data -dont_show net.cfg net.weights a.ppm -ext_output -thresh .45"
        + " -out r.json -save_labels -letter_box")
    #expect(
      result.stdout == """
         Detection layer: 2 - type = 28 
        a.ppm: Predicted in N milli-seconds.
        cat: 78%\t(left_x:    2   top_y:    1   width:    4   height:    2)
        person: 48%\t(left_x:    3   top_y:   -1   width:    2   height:    6)

        """)
    #expect(
      result.stderr == """
        note: -i has no effect here: everything runs on the CPU
        note: -dont_show has no effect here: no window is ever opened
        note: 1 label files written

        """)
    #expect(tiny.folder.text("r.json")?.hasPrefix("[\n{\n \"frame_id\":1, \n") == true)
    #expect(
      tiny.folder.text("a.txt") == """
        1 0.5000 0.5000 0.5000 0.5000
        0 0.5000 0.5000 0.2500 1.5000

        """)
  }

  @Test func `it asks for paths when it is given none`() throws {
    let result = try tiny.run(
      "detector test net.data net.cfg net.weights -thresh .7", stdin: "a.ppm\nno.ppm\na.ppm\n")
    let one = " Detection layer: 2 - type = 28 \na.ppm: Predicted in N milli-seconds.\ncat: 78%\n"
    let ask = "Enter Image Path: "
    #expect(result.stdout == ask + one + ask + ask + one + ask)
    #expect(result.stderr.hasSuffix("1 of 3 pictures failed\n"))
    #expect(result.exitCode == 66)
  }

  @Test func `it hides classes as Darknet does`() throws {
    try tiny.folder.write("person\ndont_show\n", to: "net.names")
    let result = try tiny.run("detector test net.data net.cfg net.weights a.ppm -out r.json")
    #expect(result.stdout.hasSuffix("person: 44%\ndont_show: 78%\nperson: 48%\n"))
    #expect(tiny.folder.text("r.json")?.contains("dont_show") == false)
  }

  @Test func `classifier predict prints what Darknet prints`() throws {
    let files = "classifier/net.data classifier/net.cfg classifier/net.weights"
    let two = try tiny.run("classifier predict \(files) a.ppm")
    #expect(
      two == CommandResult(stdout: "high: 0.665241\nmiddle: 0.244728\n", stderr: "", exitCode: 0))
    let one = try tiny.run("classifier predict \(files) -t 1", stdin: "a.ppm")
    #expect(one.stdout == "Enter Image Path: high: 0.665241\nEnter Image Path: ")
  }
}
