/** PureRank as a {@code DocumentPostProcessor} of Spring AI, and its auto-configuration for Spring Boot. */
package io.github.purerank.springai;
