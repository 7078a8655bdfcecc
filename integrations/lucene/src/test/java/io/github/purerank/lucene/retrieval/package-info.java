/** Search measured on real documents, the descriptions of Debian packages: what tools/retrieval-example runs. */
package io.github.purerank.lucene.retrieval;
