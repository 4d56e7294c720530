import TestSupport
import Testing

struct DetectClassifyTests {
  let tiny: TinyNetworks

  init() throws { tiny = try TinyNetworks() }

  @Test(arguments: [
    (
      "--top 2",
      "a.ppm: 8x4, N ms\n   66.52%  high\n   24.47%  middle\n"
    ),
    (
      "--format csv",
      """
      path,rank,class_id,name,score,error
      a.ppm,1,2,high,0.665241,
      a.ppm,2,1,middle,0.244728,
      a.ppm,3,0,low,0.090031,
      no.ppm,,,,,no such file

      """
    ),
    (
      "--format jsonl -t 1",
      """
      {"classes":[{"class_id":2,"name":"high","score":S}],"height":4,"milliseconds":N,\
      "path":"a.ppm","preprocessing":{"fit":"center-crop","orientation":"apply","preset":"alexeyab"},\
      "preset":"alexeyab","width":8}
      {"error":"no such file","path":"no.ppm","preprocessing":\
      {"fit":"center-crop","orientation":"apply","preset":"alexeyab"},"preset":"alexeyab"}

      """
    ),
  ])
  func `prints each format`(options: String, expected: String) throws {
    let result = try tiny.run(
      "classify classifier/net.cfg classifier/net.weights a.ppm no.ppm \(options)")
    let stdout = result.stdout.replacing(#/"score":[0-9.]+/#, with: "\"score\":S")
    #expect(stdout == expected)
    #expect(result.stderr.hasPrefix("note: class names from classifier/net.names\n"))
    #expect(result.exitCode == 66)
  }
}
