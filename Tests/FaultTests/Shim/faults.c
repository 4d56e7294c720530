// A library for LD_PRELOAD that makes one call of the process fail, or ends the process there.
//
//   PENUMBRA_FAULT=CALL:N:ACTION   the N-th call (from 1) of a kind; ACTION is an errno, or 'kill',
//                                  or 'short' (half of a write or read, which is no error)
//   PENUMBRA_FAULT_LOG=FILE        what was done goes there, and at the end how many calls of each
//                                  kind there were
//
// Kinds: open, read, write, fsync, rename, unlink, mkdir, mmap, thread, memory. Memory counts where the
// executable itself asks for 1 KiB or more: the Swift runtime, which allocates objects, arrays and the
// frames of coroutines, ends the process where it gets none.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, FSYNC, RENAME, UNLINK, MKDIR, MMAP, THREAD, MEMORY, KINDS };
static const char *const names[KINDS] = {
  "open", "read", "write", "fsync", "rename", "unlink", "mkdir", "mmap", "thread", "memory"};

enum { KILL = -1, SHORT = -2 };

static atomic_int counts[KINDS];
static int chosen = -1, place, action;
static const char *log_path;
static bool ready;
static uintptr_t program_start, program_end;

static void note(const char *format, ...) {
  if (!log_path) return;
  char text[512];
  va_list list;
  va_start(list, format);
  int length = vsnprintf(text, sizeof text, format, list);
  va_end(list);
  int file = (int)syscall(SYS_openat, AT_FDCWD, log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file < 0) return;
  syscall(SYS_write, file, text, (size_t)length);
  syscall(SYS_close, file);
}

static int find_program(struct dl_phdr_info *info, size_t size, void *unused) {
  (void)size, (void)unused;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X)) continue;
    program_start = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
    program_end = program_start + info->dlpi_phdr[i].p_memsz;
  }
  return 1;  // The first one is the executable.
}

__attribute__((constructor)) static void begin(void) {
  log_path = getenv("PENUMBRA_FAULT_LOG");
  const char *fault = getenv("PENUMBRA_FAULT");
  char kind[16] = "", what[16] = "";
  if (fault && sscanf(fault, "%15[a-z]:%d:%15s", kind, &place, what) == 3) {
    for (int i = 0; i < KINDS; i++)
      if (!strcmp(kind, names[i])) chosen = i;
    action = !strcmp(what, "kill") ? KILL : !strcmp(what, "short") ? SHORT : atoi(what);
  }
  dl_iterate_phdr(find_program, NULL);
  ready = true;
}

__attribute__((destructor)) static void end(void) {
  for (int i = 0; i < KINDS; i++) note("%s %d\n", names[i], atomic_load(&counts[i]));
}

static void stop(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// What the call that comes now is to do: 0 for what it always does.
static int next(int kind, const char *detail, int file) {
  if (!ready) return 0;
  int number = atomic_fetch_add(&counts[kind], 1) + 1;
  if (kind != chosen || number != place) return 0;
  char link[32], path[256] = "";
  if (file >= 0) {
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = 0;
  }
  note("fault: %s %d of %s%s\n", names[kind], number, detail ? detail : "", path);
  if (action > 0) errno = action;
  return action;
}

static bool is_program(void *caller) {
  return (uintptr_t)caller >= program_start && (uintptr_t)caller < program_end;
}

#define REAL(name, type, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

// Files

#define OPEN_BODY(name, call) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list list; \
    va_start(list, flags); \
    mode = va_arg(list, mode_t); \
    va_end(list); \
  } \
  int what = next(OPEN, path, -1); \
  if (what == KILL) stop(); \
  if (what > 0) return -1; \
  return call;

int open(const char *path, int flags, ...) {
  REAL(open, int, const char *, int, ...);
  OPEN_BODY(open, real(path, flags, mode))
}
int open64(const char *path, int flags, ...) {
  REAL(open64, int, const char *, int, ...);
  OPEN_BODY(open64, real(path, flags, mode))
}
int openat(int folder, const char *path, int flags, ...) {
  REAL(openat, int, int, const char *, int, ...);
  OPEN_BODY(openat, real(folder, path, flags, mode))
}
int openat64(int folder, const char *path, int flags, ...) {
  REAL(openat64, int, int, const char *, int, ...);
  OPEN_BODY(openat64, real(folder, path, flags, mode))
}
FILE *fopen(const char *path, const char *mode) {
  REAL(fopen, FILE *, const char *, const char *);
  int what = next(OPEN, path, -1);
  if (what == KILL) stop();
  return what > 0 ? NULL : real(path, mode);
}

ssize_t read(int file, void *bytes, size_t count) {
  REAL(read, ssize_t, int, void *, size_t);
  int what = next(READ, NULL, file);
  if (what == KILL) stop();
  return what > 0 ? -1 : real(file, bytes, what == SHORT ? (count + 1) / 2 : count);
}
ssize_t pread(int file, void *bytes, size_t count, off_t offset) {
  REAL(pread, ssize_t, int, void *, size_t, off_t);
  int what = next(READ, NULL, file);
  if (what == KILL) stop();
  return what > 0 ? -1 : real(file, bytes, what == SHORT ? (count + 1) / 2 : count, offset);
}

// A process that is killed has written the first half.
ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write, ssize_t, int, const void *, size_t);
  int what = next(WRITE, NULL, file);
  if (what == KILL) {
    real(file, bytes, count / 2);
    stop();
  }
  return what > 0 ? -1 : real(file, bytes, what == SHORT ? (count + 1) / 2 : count);
}
ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
  REAL(pwrite, ssize_t, int, const void *, size_t, off_t);
  int what = next(WRITE, NULL, file);
  if (what == KILL) {
    real(file, bytes, count / 2, offset);
    stop();
  }
  return what > 0 ? -1 : real(file, bytes, what == SHORT ? (count + 1) / 2 : count, offset);
}
ssize_t writev(int file, const struct iovec *parts, int count) {
  REAL(writev, ssize_t, int, const struct iovec *, int);
  int what = next(WRITE, NULL, file);
  if (what == KILL) stop();
  return what > 0 ? -1 : real(file, parts, count);
}
size_t fwrite(const void *bytes, size_t size, size_t count, FILE *file) {
  REAL(fwrite, size_t, const void *, size_t, size_t, FILE *);
  int what = next(WRITE, NULL, fileno(file));
  if (what == KILL) stop();
  return what > 0 ? 0 : real(bytes, size, count, file);
}

#define ONE(kind, name, type, value, detail, file, ...) \
  int what = next(kind, detail, file); \
  if (what == KILL) stop(); \
  return what > 0 ? value : real(__VA_ARGS__)

int fsync(int file) {
  REAL(fsync, int, int);
  ONE(FSYNC, fsync, int, -1, NULL, file, file);
}
int fdatasync(int file) {
  REAL(fdatasync, int, int);
  ONE(FSYNC, fdatasync, int, -1, NULL, file, file);
}
int rename(const char *from, const char *to) {
  REAL(rename, int, const char *, const char *);
  ONE(RENAME, rename, int, -1, to, -1, from, to);
}
int renameat(int a, const char *from, int b, const char *to) {
  REAL(renameat, int, int, const char *, int, const char *);
  ONE(RENAME, renameat, int, -1, to, -1, a, from, b, to);
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  REAL(renameat2, int, int, const char *, int, const char *, unsigned);
  ONE(RENAME, renameat2, int, -1, to, -1, a, from, b, to, flags);
}
int link(const char *from, const char *to) {
  REAL(link, int, const char *, const char *);
  ONE(RENAME, link, int, -1, to, -1, from, to);
}
int linkat(int a, const char *from, int b, const char *to, int flags) {
  REAL(linkat, int, int, const char *, int, const char *, int);
  ONE(RENAME, linkat, int, -1, to, -1, a, from, b, to, flags);
}
int symlink(const char *from, const char *to) {
  REAL(symlink, int, const char *, const char *);
  ONE(RENAME, symlink, int, -1, to, -1, from, to);
}
int unlink(const char *path) {
  REAL(unlink, int, const char *);
  ONE(UNLINK, unlink, int, -1, path, -1, path);
}
int mkdir(const char *path, mode_t mode) {
  REAL(mkdir, int, const char *, mode_t);
  ONE(MKDIR, mkdir, int, -1, path, -1, path, mode);
}
void *mmap(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  REAL(mmap, void *, void *, size_t, int, int, int, off_t);
  ONE(MMAP, mmap, void *, MAP_FAILED, NULL, file, address, size, protection, flags, file, offset);
}
void *mmap64(void *address, size_t size, int protection, int flags, int file, off_t offset) {
  REAL(mmap64, void *, void *, size_t, int, int, int, off_t);
  ONE(MMAP, mmap, void *, MAP_FAILED, NULL, file, address, size, protection, flags, file, offset);
}
int pthread_create(
  pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *), void *value) {
  REAL(pthread_create, int, pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  ONE(THREAD, pthread_create, int, action, NULL, -1, thread, attributes, start, value);
}

// Memory

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static bool is_refused(void *caller, size_t size) {
  if (!ready || size < 1024 || !is_program(caller)) return false;
  int what = next(MEMORY, NULL, -1);
  if (what == KILL) stop();
  return what > 0;
}

void *malloc(size_t size) {
  return is_refused(__builtin_return_address(0), size) ? NULL : __libc_malloc(size);
}
void *calloc(size_t count, size_t size) {
  return is_refused(__builtin_return_address(0), count * size) ? NULL : __libc_calloc(count, size);
}
void *realloc(void *old, size_t size) {
  return is_refused(__builtin_return_address(0), size) ? NULL : __libc_realloc(old, size);
}
void *aligned_alloc(size_t alignment, size_t size) {
  return is_refused(__builtin_return_address(0), size) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void **address, size_t alignment, size_t size) {
  if (is_refused(__builtin_return_address(0), size)) return ENOMEM;
  *address = __libc_memalign(alignment, size);
  return *address ? 0 : ENOMEM;
}
