/**
 * Every value on the way from a pair of texts to its logits, to be looked at, written to a file, or compared with another
 * implementation's. {@link io.github.purerank.trace.Tracer} makes a {@link io.github.purerank.trace.Trace}; {@code
 * CrossEncoder.trace} is the way in.
 */
package io.github.purerank.trace;
