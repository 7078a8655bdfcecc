/**
 * How good scores are: the evaluators of sentence-transformers 6.0.1 (sentence_transformers/cross_encoder/evaluation), with the
 * same names of metrics and the same figures to 1e-6, and the calibration of scores.
 *
 * <p>The metrics are functions of scores and labels, wherever the scores come from: {@link
 * io.github.purerank.evaluate.BinaryMetrics}, {@link io.github.purerank.evaluate.MultiClassMetrics}, {@link
 * io.github.purerank.evaluate.CorrelationMetrics}, {@link io.github.purerank.evaluate.RankingMetrics}. An {@link
 * io.github.purerank.evaluate.Evaluator} has labelled texts and asks a model for the scores.
 *
 * <p>{@link io.github.purerank.evaluate.CorrelationMetrics}, and it alone, needs {@code org.apache.commons:commons-math3}, which is
 * an optional dependency of this library: add it to your own if you use correlations.
 *
 * <p>All classes are immutable and may be used by many threads at once.
 */
package io.github.purerank.evaluate;
