/// The thread pool.
#ifndef CKERNELS_THREADS_H
#define CKERNELS_THREADS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Helpers that join the regions of their callers; see `thread_pool.c`.
typedef struct thread_pool thread_pool;

/// The most threads a pool has, callers not counted.
enum { THREAD_POOL_LIMIT = 256 };

/// A pool of at most `helpers` threads, none of which runs yet; null when there is no memory.
thread_pool *_Nullable thread_pool_create(int32_t helpers);
/// Joins the threads. No region may be running.
void thread_pool_destroy(thread_pool *pool);
/// Calls body(context, index, slot) once for each index below `count`, from at most `threads`
/// threads, the caller among them, and returns when all calls have. Concurrent calls have distinct
/// slots below `threads`; the caller's is 0. Inside a region it is a plain loop with slot 0.
void thread_pool_run(
    thread_pool *pool, size_t count, int32_t threads,
    void (*body)(void *_Nullable context, size_t index, size_t slot), void *_Nullable context);
/// How many helpers have been started so far.
int32_t thread_pool_started(thread_pool *pool);
/// The number of processors this process may use, at least 1.
int32_t thread_pool_processors(void);

#pragma clang assume_nonnull end

#endif
