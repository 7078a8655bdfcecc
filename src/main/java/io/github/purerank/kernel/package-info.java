/**
 * The arithmetic: matrix products, attention, LayerNorm and activation functions over float arrays, and nothing about BERT.
 *
 * <p>{@link io.github.purerank.kernel.Kernels} is the interface; {@code ScalarKernels} is the plain version, to be read
 * first, and {@code VectorKernels} the fast one. Both give the same bits: every output of a product is one chain of fused
 * multiply-adds in the order of k, every sum over a row runs through the same lanes, and exp, erf and tanh are the same
 * quotients of polynomials (see docs/numerics.md).
 *
 * <p>Nothing here starts a thread. Matrices and packed weights may be read by many threads at once; a {@code Scratch}
 * belongs to one.
 */
package io.github.purerank.kernel;
