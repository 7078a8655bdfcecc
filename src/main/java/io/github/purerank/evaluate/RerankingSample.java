package io.github.purerank.evaluate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A query, the documents that answer it, and others: either documents that do not, or what a search found, best first.
 *
 * @param query what is looked for
 * @param positive the relevant documents
 * @param negative irrelevant documents; null if there are {@code documents}
 * @param documents what was found, relevant or not, in that order; null if there are {@code negative}
 */
public record RerankingSample(String query, List<String> positive, List<String> negative, List<String> documents) {
    /** Keeps its own lists, and checks that there is one of {@code negative} and {@code documents}. */
    public RerankingSample {
        Objects.requireNonNull(query, "query");
        positive = List.copyOf(positive);
        if ((negative == null) == (documents == null)) {
            throw new IllegalArgumentException(
                    "expected either negative or documents, found " + (negative == null ? "neither" : "both"));
        }
        if (negative != null) {
            negative = List.copyOf(negative);
        } else {
            documents = List.copyOf(documents);
            if (documents.isEmpty()) {
                throw new IllegalArgumentException("documents: expected at least one, found none");
            }
        }
    }

    /** With irrelevant documents. */
    public static RerankingSample withNegative(String query, List<String> positive, List<String> negative) {
        return new RerankingSample(query, positive, Objects.requireNonNull(negative, "negative"), null);
    }

    /** With what a search found, best first. */
    public static RerankingSample withDocuments(String query, List<String> positive, List<String> documents) {
        return new RerankingSample(query, positive, null, Objects.requireNonNull(documents, "documents"));
    }

    /**
     * Refuses what nDCG has no value for: a single document to be ranked.
     *
     * @param alwaysRerankPositives as for {@link CrossEncoderRerankingEvaluator}
     * @throws IllegalArgumentException if there is but one
     */
    public void requireRankable(boolean alwaysRerankPositives) {
        Arrangement ranked = toRank(alwaysRerankPositives);
        if (ranked.hasRelevant() && ranked.texts().size() < 2 || hasRelevantFound() && found().length < 2) {
            throw new IllegalArgumentException("nDCG needs at least two documents, found one");
        }
    }

    /**
     * Documents in the order in which they are scored.
     *
     * @param relevant which of them are relevant
     */
    record Arrangement(List<String> texts, boolean[] relevant) {
        boolean hasRelevant() {
            return Scores.count(relevant) > 0;
        }
    }

    /** The documents that a model is to rank. */
    Arrangement toRank(boolean alwaysRerankPositives) {
        if (documents != null && !alwaysRerankPositives) {
            return new Arrangement(documents, relevantDocuments());
        }
        List<String> texts = new ArrayList<>(positive);
        if (documents == null) {
            texts.addAll(negative);
        } else {
            Set<String> known = new HashSet<>(positive);
            for (String document : documents) {
                if (!known.contains(document)) {
                    texts.add(document);
                }
            }
        }
        boolean[] relevant = new boolean[texts.size()];
        for (int i = 0; i < positive.size(); i++) {
            relevant[i] = true;
        }
        return new Arrangement(texts, relevant);
    }

    /** Whether the search found one of the relevant documents. */
    boolean hasRelevantFound() {
        return documents != null && Scores.count(relevantDocuments()) > 0;
    }

    /** Which of the found documents are relevant; those that were not found come last, as in the reference. */
    boolean[] found() {
        boolean[] relevant = relevantDocuments();
        int missing = Math.max(0, positive.size() - Scores.count(relevant));
        boolean[] all = new boolean[relevant.length + missing];
        System.arraycopy(relevant, 0, all, 0, relevant.length);
        for (int i = relevant.length; i < all.length; i++) {
            all[i] = true;
        }
        return all;
    }

    private boolean[] relevantDocuments() {
        Set<String> known = new HashSet<>(positive);
        boolean[] relevant = new boolean[documents.size()];
        for (int i = 0; i < relevant.length; i++) {
            relevant[i] = known.contains(documents.get(i));
        }
        return relevant;
    }
}
