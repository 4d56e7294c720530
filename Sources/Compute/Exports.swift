// The geometry structs and enums of the kernels are part of this module's interface.
@_exported public import CKernels
