/// The C side of Penumbra: kernels over pointers and lengths, one table of them per instruction set,
/// plain reference loops, and the thread pool. Nothing here knows a layer, a cfg key or a file.
///
/// Unless a function says otherwise: tensors are planar (channels x height x width), floats need no
/// alignment, inputs and outputs do not overlap, nothing allocates, and arguments are not checked.
#ifndef CKERNELS_H
#define CKERNELS_H

#include "CKernelsReference.h"
#include "CKernelsTable.h"
#include "CKernelsThreads.h"

#endif
