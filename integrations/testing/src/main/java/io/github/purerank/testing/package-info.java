/** What the tests of the integrations share. */
package io.github.purerank.testing;
