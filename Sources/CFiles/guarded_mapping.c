#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

/// Mappings at one time; callers beyond them read their files into memory.
enum { SLOTS = 1024 };

typedef struct {
  _Atomic uintptr_t start, end;  ///< both 0 in a slot that is free
  _Atomic bool damaged;
} mapping;

static mapping mappings[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction previous;
static uintptr_t page_bytes;

static mapping *find(uintptr_t address) {
  for (int32_t slot = 0; slot < SLOTS; slot++) {
    uintptr_t start = atomic_load(&mappings[slot].start);
    if (start && start <= address && address < atomic_load(&mappings[slot].end)) {
      return &mappings[slot];
    }
  }
  return NULL;
}

/// Puts zeros in the place of all from a lost page to the end: a file loses its end. mmap is a plain
/// system call on every system that this runs on, which makes it safe in a handler.
static bool replace(mapping *m, uintptr_t address) {
  uintptr_t page = address / page_bytes * page_bytes;
  uintptr_t end = (atomic_load(&m->end) + page_bytes - 1) / page_bytes * page_bytes;
  void *zeros = mmap(
      (void *)page, end - page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (zeros == MAP_FAILED) return false;
  atomic_store(&m->damaged, true);
  return true;
}

static void handle(int number, siginfo_t *info, void *context) {
  int code = errno;
  mapping *m = find((uintptr_t)info->si_addr);
  bool replaced = m && replace(m, (uintptr_t)info->si_addr);
  errno = code;
  if (replaced) return;
  if (previous.sa_flags & SA_SIGINFO) {
    previous.sa_sigaction(number, info, context);
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(number);
  } else {
    // The access is repeated when this returns, and ends the process as it would have.
    sigaction(SIGBUS, &previous, NULL);
  }
}

static bool install(void) {
  if (page_bytes) return true;
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  action.sa_sigaction = handle;
  sigemptyset(&action.sa_mask);
  page_bytes = (uintptr_t)sysconf(_SC_PAGESIZE);
  if (sigaction(SIGBUS, &action, &previous) == 0) return true;
  page_bytes = 0;
  return false;
}

int32_t guarded_mapping_add(const void *start, size_t bytes) {
  pthread_mutex_lock(&lock);
  int32_t slot = install() ? 0 : SLOTS;
  while (slot < SLOTS && atomic_load(&mappings[slot].start)) slot++;
  if (slot < SLOTS) {
    atomic_store(&mappings[slot].damaged, false);
    atomic_store(&mappings[slot].end, (uintptr_t)start + bytes);
    atomic_store(&mappings[slot].start, (uintptr_t)start);
  }
  pthread_mutex_unlock(&lock);
  return slot < SLOTS ? slot : -1;
}

void guarded_mapping_remove(int32_t slot) { atomic_store(&mappings[slot].start, 0); }

bool guarded_mapping_is_damaged(int32_t slot) { return atomic_load(&mappings[slot].damaged); }
