package io.github.purerank;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** What is to be ranked, with each text once. ({@code CrossEncoder.rank}, cross_encoder/model.py, scores repeated texts again.) */
final class DistinctTexts<T> {
    private final List<T> items = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();
    /** The first item of each text. */
    private final List<Integer> firstItems = new ArrayList<>();
    /** Each item's text, as an index into {@code texts}. */
    private final List<Integer> textOf = new ArrayList<>();

    DistinctTexts(Collection<? extends T> items, Function<? super T, String> text) {
        Map<String, Integer> seen = new HashMap<>();
        for (T item : items) {
            int index = this.items.size();
            String itemText = Objects.requireNonNull(
                    text.apply(Objects.requireNonNull(item, () -> "document " + index)),
                    () -> "text of document " + index);
            int place = seen.computeIfAbsent(itemText, unseen -> {
                texts.add(unseen);
                firstItems.add(index);
                return texts.size() - 1;
            });
            this.items.add(item);
            textOf.add(place);
        }
    }

    /** How messages name a text: by the first item that has it. */
    String name(int text) {
        return "document " + firstItems.get(text);
    }

    List<TextPair> pairsWith(String query) {
        List<TextPair> pairs = new ArrayList<>(texts.size());
        for (String text : texts) {
            pairs.add(new TextPair(query, text));
        }
        return pairs;
    }

    /**
     * The ranking of the items.
     *
     * @param scores of the texts
     * @param ranges of the texts
     */
    List<RankedItem<T>> ranked(float[] scores, TextRange[] ranges, RankOptions options) {
        List<RankedItem<T>> ranking = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            int text = textOf.get(i);
            // Not the other way round: a score that is no number is not below any.
            if (!(scores[text] < options.minScore())) {
                ranking.add(new RankedItem<>(i, scores[text], items.get(i), ranges[text]));
            }
        }
        // The sort is stable. Adding 0 makes -0 equal to 0.
        ranking.sort((a, b) -> Float.compare(b.score() + 0f, a.score() + 0f));
        return List.copyOf(ranking.subList(0, Math.min(options.topK(), ranking.size())));
    }
}
