package io.github.purerank.lucene.retrieval;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Documents, and questions to which the data itself has the answer: the document is a package's description, the query the line that
 * sums it up, and the one relevant document is that of the same package. The line is taken out of the description where it stands
 * there, and the names of package and source out of both.
 *
 * <p>Packages of one source repeat each other's paragraphs, so a source has one document. The model in the jar was trained on
 * descriptions too; queries are only of packages that were kept out of its training, which are the only ones of their source.
 *
 * @param documents the texts
 * @param queries some packages' queries
 * @param eligible how many packages could have been queries
 */
record PackageSearch(List<String> documents, List<Query> queries, int eligible) {
    private static final int LEAST_WORDS = 20;
    private static final int LEAST_QUERY_WORDS = 3;
    /** tools/train_default_model.py kept every 33rd document out, by this hash of its name. */
    private static final int HELD_OUT_EVERY = 33;

    private static final String HELD_OUT_PREFIX = "deb:";

    /**
     * A query.
     *
     * @param text the query
     * @param relevant the index of its document
     */
    record Query(String text, int relevant) {}

    private record Candidate(String document, String query, boolean heldOut) {}

    /**
     * Draws documents, those of the queries among them.
     *
     * @param seed of the draw
     */
    static PackageSearch draw(List<PackageText> packages, int documentCount, int queryCount, long seed) {
        List<Candidate> candidates = candidates(packages);
        Map<String, Integer> sameQuery = new HashMap<>();
        for (Candidate candidate : candidates) {
            sameQuery.merge(candidate.query.toLowerCase(Locale.ROOT), 1, Integer::sum);
        }
        Random random = new Random(seed);
        Collections.shuffle(candidates, random);
        List<Candidate> asked = new ArrayList<>();
        List<Candidate> others = new ArrayList<>();
        int eligible = 0;
        for (Candidate candidate : candidates) {
            boolean isQuery = candidate.heldOut
                    && candidate.query.split(" ").length >= LEAST_QUERY_WORDS
                    && sameQuery.get(candidate.query.toLowerCase(Locale.ROOT)) == 1;
            eligible += isQuery ? 1 : 0;
            (isQuery && asked.size() < Math.min(queryCount, documentCount) ? asked : others).add(candidate);
        }
        List<Candidate> drawn = new ArrayList<>(asked);
        drawn.addAll(others.subList(0, Math.min(others.size(), documentCount - asked.size())));
        Collections.shuffle(drawn, random);
        Map<Candidate, Integer> places = new HashMap<>();
        List<String> documents = new ArrayList<>();
        for (Candidate candidate : drawn) {
            places.put(candidate, documents.size());
            documents.add(candidate.document);
        }
        List<Query> queries = new ArrayList<>();
        for (Candidate candidate : asked) {
            queries.add(new Query(candidate.query, places.get(candidate)));
        }
        return new PackageSearch(documents, queries, eligible);
    }

    /** Whether two runs had the same texts: the beginning of a SHA-256 over all. */
    String fingerprint() {
        MessageDigest digest = digest("SHA-256");
        for (String document : documents) {
            digest.update((document + "\n").getBytes(StandardCharsets.UTF_8));
        }
        for (Query query : queries) {
            digest.update((query.text + "\t" + query.relevant + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }

    private static List<Candidate> candidates(List<PackageText> packages) {
        Map<String, List<PackageText>> bySource = new TreeMap<>();
        for (PackageText one : packages) {
            bySource.computeIfAbsent(one.source(), source -> new ArrayList<>()).add(one);
        }
        List<Candidate> candidates = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (List<PackageText> siblings : bySource.values()) {
            PackageText chosen = siblings.get(0);
            for (PackageText one : siblings) {
                chosen = one.name().equals(one.source()) ? one : chosen;
            }
            String document = document(chosen);
            if (document.split(" ").length >= LEAST_WORDS && known.add(document)) {
                boolean heldOut = siblings.size() == 1 && isHeldOut(chosen.name());
                candidates.add(new Candidate(document, query(chosen), heldOut));
            }
        }
        return candidates;
    }

    /** The description without the synopsis and the names. */
    static String document(PackageText text) {
        String rest = Pattern.compile(Pattern.quote(text.synopsis()), Pattern.CASE_INSENSITIVE)
                .matcher(text.description())
                .replaceAll(" ");
        return withoutNames(rest, text, "it");
    }

    /** The synopsis without the names. */
    static String query(PackageText text) {
        return withoutNames(text.synopsis(), text, "");
    }

    private static String withoutNames(String text, PackageText of, String instead) {
        String left = text;
        for (String name : List.of(of.name(), of.source())) {
            left = Pattern.compile("(?<![\\w+-])" + Pattern.quote(name) + "(?![\\w+-])", Pattern.CASE_INSENSITIVE)
                    .matcher(left)
                    .replaceAll(instead);
        }
        return left.replaceAll("\\s+", " ").strip();
    }

    /** Whether the package's description was kept out of the training of the model in the jar. */
    static boolean isHeldOut(String name) {
        byte[] hash = digest("MD5").digest((HELD_OUT_PREFIX + name).getBytes(StandardCharsets.UTF_8));
        return new BigInteger(1, hash).mod(BigInteger.valueOf(HELD_OUT_EVERY)).equals(BigInteger.ZERO);
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }
}
