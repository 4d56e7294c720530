// A pool of helper threads for short parallel regions.
//
// A caller publishes its region in a slot of a table and works on it itself; helpers look through
// the table, join regions that want them and claim chunks by atomic tickets until none is left. So
// a helper that the system does not schedule delays nobody, several callers share the helpers, and
// a caller that finds all helpers busy is merely alone.
//
// The indices are divided into a part for each participant, who begins with its own and then helps
// with the others'. Regions that follow each other and are cut alike, such as layers by rows, so find
// most of what they read in the cache of the processor that wrote it.
//
// One word per slot, the gate, counts who joined and says whether one may still: it is what makes
// the plain fields of a region safe to read (written before the gate opens, read after joining) and
// its end certain (whoever joined must have left). Idle threads spin for a moment, then sleep.
#if defined(__linux__)
#define _GNU_SOURCE  // sched_getaffinity
#include <sched.h>
#endif

#include "CKernels.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

/// Regions at one time; the bits of a word. A caller beyond them runs its region alone.
enum { SLOTS = 64 };
/// Pauses before a thread sleeps: 0.2 to 0.8 ms, longer than the serial code between two layers.
enum { SPINS = 20000 };
/// Parts of a region; participants beyond them share.
enum { PARTS = 16 };
/// Chunks per thread where a region has more indices than that: an imbalance of 3 % at most.
enum { CHUNKS_PER_THREAD = 32 };

typedef void (*region_body)(void *context, size_t index, size_t slot);

#define OWN_LINE _Alignas(64)

/// How many indices of a part have been claimed; may pass its end.
typedef struct { OWN_LINE _Atomic size_t claimed; } ticket;

/// One region. The plain fields are constant while the gate is open or a helper is inside.
typedef struct {
  OWN_LINE _Atomic uint64_t gate;
  _Atomic uint32_t left;  ///< helpers that have gone again
  region_body body;
  void *context;
  size_t count, chunk, parts;
  ticket next[PARTS];
} region;

struct thread_pool {
  OWN_LINE _Atomic uint64_t wanted;  ///< regions, by slot, that may be joined
  OWN_LINE _Atomic uint64_t taken;   ///< slots in use
  _Atomic int32_t demand;            ///< helpers that the running regions would take
  OWN_LINE _Atomic int32_t sleeping;
  _Atomic int32_t waiting;  ///< callers asleep until their helpers have left
  _Atomic int32_t started;
  _Atomic int32_t limit;  ///< helpers there may be
  _Atomic bool stopping;
  int32_t processors;

  pthread_mutex_t lock;
  pthread_cond_t work, done;
  pthread_t threads[THREAD_POOL_LIMIT];
  region regions[SLOTS];
};

/// Whether this thread is inside a region, of whatever pool.
static _Thread_local bool inside;

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

static int32_t spins(const thread_pool *pool) { return pool->processors > 1 ? SPINS : 0; }

// MARK: The gate: whether open, the participants it admits, the participants so far

static const uint64_t gate_open = (uint64_t)1 << 63;

static uint64_t opened_gate(uint32_t limit) { return gate_open | (uint64_t)limit << 32 | 1; }
static uint32_t gate_limit(uint64_t gate) { return (uint32_t)(gate >> 32) & 0x7fffffff; }
static uint32_t gate_participants(uint64_t gate) { return (uint32_t)gate; }

/// Joins a region and returns its gate before that, or 0 when it is closed or full.
///
/// Between load and exchange the region may end and its slot open again. If the word is the same
/// nevertheless, the helper has joined the new region, which is as good: it has read nothing else.
static uint64_t join(region *r) {
  uint64_t gate = atomic_load_explicit(&r->gate, memory_order_relaxed);
  while (gate & gate_open && gate_participants(gate) < gate_limit(gate)) {
    if (atomic_compare_exchange_weak_explicit(
            &r->gate, &gate, gate + 1, memory_order_acquire, memory_order_relaxed)) {
      return gate;
    }
  }
  return 0;
}

// MARK: Inside a region

static void claim_part(region *r, size_t part, size_t slot) {
  size_t start = r->count * part / r->parts, count = r->count * (part + 1) / r->parts - start;
  _Atomic size_t *claimed = &r->next[part].claimed;
  // A look first: a part that is done is most often met so, and costs no exclusive access then.
  while (atomic_load_explicit(claimed, memory_order_relaxed) < count) {
    size_t first = atomic_fetch_add_explicit(claimed, r->chunk, memory_order_relaxed);
    if (first >= count) break;
    size_t end = count - first > r->chunk ? first + r->chunk : count;
    for (size_t i = first; i < end; i++) r->body(r->context, start + i, slot);
  }
}

static void claim_chunks(region *r, size_t slot) {
  inside = true;
  for (size_t i = 0; i < r->parts; i++) claim_part(r, (slot + i) % r->parts, slot);
  inside = false;
}

/// Only for participants: while one is inside, the bit cannot belong to the slot's next region.
static void stop_wanting(thread_pool *pool, uint64_t bit) {
  if (atomic_load_explicit(&pool->wanted, memory_order_relaxed) & bit) {
    atomic_fetch_and_explicit(&pool->wanted, ~bit, memory_order_relaxed);
  }
}

// MARK: Helpers

static void help(thread_pool *pool, unsigned slot) {
  region *r = &pool->regions[slot];
  uint64_t bit = (uint64_t)1 << slot, gate = join(r);
  if (!gate) return;
  uint32_t participant = gate_participants(gate);
  if (participant + 1 == gate_limit(gate)) stop_wanting(pool, bit);

  claim_chunks(r, participant);

  stop_wanting(pool, bit);
  atomic_fetch_add(&r->left, 1);
  if (atomic_load(&pool->waiting)) {
    pthread_mutex_lock(&pool->lock);
    pthread_cond_broadcast(&pool->done);
    pthread_mutex_unlock(&pool->lock);
  }
}

/// The regions that may be joined, as bits; 0 when the pool stops.
static uint64_t wait_for_work(thread_pool *pool) {
  for (int32_t spin = spins(pool); spin > 0; spin--) {
    uint64_t wanted = atomic_load_explicit(&pool->wanted, memory_order_relaxed);
    if (wanted) return wanted;
    if (atomic_load_explicit(&pool->stopping, memory_order_relaxed)) return 0;
    pause_briefly();
  }

  // The order of the atomic operations here and in `wake` is the total one: either this thread sees
  // the bit of a region, or its caller sees this thread asleep.
  pthread_mutex_lock(&pool->lock);
  atomic_fetch_add(&pool->sleeping, 1);
  uint64_t wanted;
  while (!(wanted = atomic_load(&pool->wanted)) && !atomic_load(&pool->stopping)) {
    pthread_cond_wait(&pool->work, &pool->lock);
  }
  atomic_fetch_sub(&pool->sleeping, 1);
  pthread_mutex_unlock(&pool->lock);
  return wanted;
}

static void *helper(void *argument) {
  thread_pool *pool = argument;
  unsigned turn = 0;  // the slot to look at first, so that every caller is helped in its turn
  uint64_t wanted;
  while ((wanted = wait_for_work(pool))) {
    uint64_t later = wanted >> turn << turn;
    unsigned slot = (unsigned)__builtin_ctzll(later ? later : wanted);
    help(pool, slot);
    turn = (slot + 1) % SLOTS;
  }
  return NULL;
}

/// Starts helpers until there are as many as the regions would take, or the processors can run.
static void start_helpers(thread_pool *pool, int32_t needed) {
  sigset_t others, before;
  sigfillset(&others);
  // Signals are for the threads of the program, but for those that a thread's own access raises: one
  // of these that is blocked ends the process without asking a handler.
  static const int own[] = {SIGBUS, SIGSEGV, SIGFPE, SIGILL, SIGTRAP};
  for (size_t index = 0; index < sizeof own / sizeof *own; index++) sigdelset(&others, own[index]);
  pthread_mutex_lock(&pool->lock);
  pthread_sigmask(SIG_SETMASK, &others, &before);
  int32_t started = atomic_load(&pool->started);
  while (started < needed) {
    if (pthread_create(&pool->threads[started], NULL, helper, pool)) {
      atomic_store(&pool->limit, started);
      break;
    }
    started++;
  }
  atomic_store(&pool->started, started);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_mutex_unlock(&pool->lock);
}

// MARK: Callers

/// A free slot, or -1.
static int take_slot(thread_pool *pool) {
  uint64_t taken = atomic_load_explicit(&pool->taken, memory_order_relaxed);
  while (~taken) {
    int slot = __builtin_ctzll(~taken);
    if (atomic_compare_exchange_weak_explicit(
            &pool->taken, &taken, taken | (uint64_t)1 << slot, memory_order_acquire,
            memory_order_relaxed)) {
      return slot;
    }
  }
  return -1;
}

static void wake(thread_pool *pool, int32_t helpers) {
  int32_t sleeping = atomic_load(&pool->sleeping);
  if (!sleeping) return;
  // Having had the lock means that whoever counts as asleep waits for the signal or is awake again.
  // To signal without it spares the woken a second wait, for the lock.
  pthread_mutex_lock(&pool->lock);
  pthread_mutex_unlock(&pool->lock);
  if (helpers >= sleeping) pthread_cond_broadcast(&pool->work);
  else for (; helpers > 0; helpers--) pthread_cond_signal(&pool->work);
}

static void wait_until_left(thread_pool *pool, region *r, uint32_t helpers) {
  for (int32_t spin = spins(pool); spin > 0; spin--) {
    if (atomic_load_explicit(&r->left, memory_order_acquire) == helpers) return;
    pause_briefly();
  }
  pthread_mutex_lock(&pool->lock);
  atomic_fetch_add(&pool->waiting, 1);
  while (atomic_load(&r->left) != helpers) pthread_cond_wait(&pool->done, &pool->lock);
  atomic_fetch_sub(&pool->waiting, 1);
  pthread_mutex_unlock(&pool->lock);
}

static void run_region(
    thread_pool *pool, int slot, size_t count, int32_t threads, region_body body, void *context) {
  region *r = &pool->regions[slot];
  uint64_t bit = (uint64_t)1 << slot;
  size_t chunk = count / ((size_t)threads * CHUNKS_PER_THREAD);
  r->body = body;
  r->context = context;
  r->count = count;
  r->chunk = chunk ? chunk : 1;
  r->parts = threads < PARTS ? (size_t)threads : PARTS;
  for (size_t part = 0; part < r->parts; part++) {
    atomic_store_explicit(&r->next[part].claimed, 0, memory_order_relaxed);
  }
  atomic_store_explicit(&r->left, 0, memory_order_relaxed);
  atomic_store_explicit(&r->gate, opened_gate((uint32_t)threads), memory_order_release);
  atomic_fetch_or(&pool->wanted, bit);
  wake(pool, threads - 1);

  claim_chunks(r, 0);

  stop_wanting(pool, bit);
  uint64_t gate = atomic_fetch_and_explicit(&r->gate, ~gate_open, memory_order_relaxed);
  wait_until_left(pool, r, gate_participants(gate) - 1);
}

void thread_pool_run(
    thread_pool *pool, size_t count, int32_t threads, region_body body, void *context) {
  if ((size_t)threads > count) threads = (int32_t)count;
  int32_t limit = atomic_load_explicit(&pool->limit, memory_order_relaxed);
  if (threads > limit + 1) threads = limit + 1;
  int slot = threads > 1 && !inside ? take_slot(pool) : -1;
  if (slot < 0) {
    for (size_t index = 0; index < count; index++) body(context, index, 0);
    return;
  }

  int32_t demand =
      atomic_fetch_add_explicit(&pool->demand, threads - 1, memory_order_relaxed) + threads - 1;
  int32_t most = threads > pool->processors ? threads : pool->processors;
  int32_t needed = demand < most ? demand : most - 1;
  if (needed > limit) needed = limit;
  if (atomic_load_explicit(&pool->started, memory_order_relaxed) < needed) {
    start_helpers(pool, needed);
  }

  run_region(pool, slot, count, threads, body, context);

  atomic_fetch_sub_explicit(&pool->demand, threads - 1, memory_order_relaxed);
  atomic_fetch_and_explicit(&pool->taken, ~((uint64_t)1 << slot), memory_order_release);
}

// MARK: Life

int32_t thread_pool_processors(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int32_t)online : 1;
}

int32_t thread_pool_started(thread_pool *pool) { return atomic_load(&pool->started); }

thread_pool *thread_pool_create(int32_t helpers) {
  thread_pool *pool = aligned_alloc(_Alignof(thread_pool), sizeof(thread_pool));
  if (!pool) return NULL;
  *pool = (thread_pool){.processors = thread_pool_processors()};
  atomic_init(&pool->limit, helpers < THREAD_POOL_LIMIT ? helpers : THREAD_POOL_LIMIT);
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->work, NULL);
  pthread_cond_init(&pool->done, NULL);
  return pool;
}

void thread_pool_destroy(thread_pool *pool) {
  pthread_mutex_lock(&pool->lock);
  atomic_store(&pool->stopping, true);
  pthread_cond_broadcast(&pool->work);
  pthread_mutex_unlock(&pool->lock);
  int32_t started = atomic_load(&pool->started);
  for (int32_t i = 0; i < started; i++) pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->work);
  pthread_cond_destroy(&pool->done);
  pthread_mutex_destroy(&pool->lock);
  free(pool);
}
