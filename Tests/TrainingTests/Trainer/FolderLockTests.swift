import PenumbraTraining
import TestSupport
import Testing

struct FolderLockTests {
  @Test func `a folder is one run's until that ends`() throws {
    let folder = try TemporaryFolder()
    var first: FolderLock? = try FolderLock(folder.path)
    #expect(first != nil)
    #expect(throws: FolderInUse(folder: folder.path)) { try FolderLock(folder.path) }
    first = nil
    _ = try FolderLock(folder.path)
    #expect(folder.files.isEmpty)
  }

  @Test func `a folder that is not there is no obstacle`() throws {
    _ = try FolderLock(try TemporaryFolder().file("nowhere"))
  }
}
