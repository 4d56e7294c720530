// Mappings of files that outlive the loss of the file.
//
// A program that reads a mapped page beyond the end of a file, because another program has truncated
// it since, is ended by SIGBUS. Ranges that are registered here read as zeros in that case, and are
// known to be damaged. The first registration installs a handler for SIGBUS, which passes signals
// of other addresses on to the handler before it.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__clang__)
#pragma clang assume_nonnull begin
#endif

/// Registers a mapped range.
///
/// Returns its slot, or -1 when there is none left or the handler cannot be installed.
int32_t guarded_mapping_add(const void *start, size_t bytes);

/// Forgets a range, before it is unmapped.
void guarded_mapping_remove(int32_t slot);

/// Whether a part of the range was lost and reads as zeros.
bool guarded_mapping_is_damaged(int32_t slot);

#if defined(__clang__)
#pragma clang assume_nonnull end
#endif
