// The geometry structs of the kernels are part of this module's interface.
@_exported public import CKernels
