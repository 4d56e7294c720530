#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Starts a thread that runs a closure once.
///
/// - Parameter stackBytes: the size of its stack. Decoders keep their tables there, and the system's
///   default for secondary threads can be small.
/// - Returns: false where the system has no thread to give, such as at the limit of processes; the
///   caller then does the work itself.
package func startThread(stackBytes: Int = 8 << 20, _ work: @escaping @Sendable () -> Void) -> Bool
{
  let task = Unmanaged.passRetained(ThreadTask(work))
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, stackBytes)
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  // Signals are for the threads of the program, but for those that a thread's own access raises: one
  // of these that is blocked ends the process without asking a handler.
  var others = sigset_t()
  var before = sigset_t()
  sigfillset(&others)
  for own in [SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP] { sigdelset(&others, own) }
  pthread_sigmask(SIG_SETMASK, &others, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  #if canImport(Darwin)
    var thread: pthread_t?
    let status = pthread_create(&thread, &attributes, { runTask($0) }, task.toOpaque())
  #else
    var thread = pthread_t()
    let status = pthread_create(
      &thread, &attributes, { $0.flatMap { runTask($0) } }, task.toOpaque())
  #endif
  if status != 0 { task.release() }
  return status == 0
}

private final class ThreadTask: Sendable {
  let work: @Sendable () -> Void
  init(_ work: @escaping @Sendable () -> Void) { self.work = work }
}

private func runTask(_ task: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  Unmanaged<ThreadTask>.fromOpaque(task).takeRetainedValue().work()
  return nil
}
