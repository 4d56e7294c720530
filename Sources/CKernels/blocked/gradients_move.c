// Gradients of blocked tensors beside products: what goes back to where it came from, and sums.
#include "lanes.h"
#include "cells.h"

/// Pixels whose sums are floats before they are added in double.
enum { SUM_PIXELS = 256 };

#define vdouble KERNEL(vdouble)

#define BODY "blocked/gradients_move_body.h"
#include "../every_tier.h"
