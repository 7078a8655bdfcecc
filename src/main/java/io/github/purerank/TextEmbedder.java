package io.github.purerank;

import io.github.purerank.kernel.Matrix;
import io.github.purerank.load.LoadedSentenceModel;
import io.github.purerank.model.SentenceModel;
import io.github.purerank.model.UnitLength;
import io.github.purerank.text.Encoding;
import io.github.purerank.text.PairEncoder;
import java.util.Arrays;
import java.util.List;

/**
 * From texts to vectors: tokenises texts, and has their batches computed.
 *
 * <p>Long lists go through in slices, so that the memory for tokens does not grow with the list.
 */
final class TextEmbedder {
    /** Texts that are tokenised before they are computed. */
    private static final int SLICE_TEXTS = 4096;
    /** Texts that one thread tokenises at a time. */
    private static final int TOKENIZE_TEXTS = 16;

    private final PairEncoder encoder;
    private final SentenceModel network;
    private final ModelPrompts prompts;
    private final int maxLength;
    private final int dimensions;
    private final WorkCrew crew;
    private final BatchRunner<SentenceModel.Room> runner;

    TextEmbedder(LoadedSentenceModel loaded, WorkCrew crew) {
        this.encoder = loaded.encoder();
        this.network = loaded.network();
        this.prompts = new ModelPrompts(loaded.config());
        this.maxLength = loaded.config().maxLength();
        this.dimensions = loaded.config().truncateDimensions();
        this.crew = crew;
        this.runner = new BatchRunner<>(
                crew,
                network.encoder(),
                () -> network.newRoom(BatchPlan.MAX_TOKENS, BatchPlan.MAX_PAIRS, crew.threads()));
    }

    /** How many elements the vectors have. */
    int dimensions(EncodeOptions options) {
        int wanted = options.truncateDimensions() == 0 ? dimensions : options.truncateDimensions();
        int all = network.embeddingDimension();
        return wanted == 0 ? all : Math.min(wanted, all);
    }

    /** A vector for each text. */
    float[][] encode(List<String> texts, EncodeOptions options, Cancellation cancellation) {
        int tokenLimit = options.maxLength() == 0 ? maxLength : options.maxLength();
        OptionChecks.requireLength(tokenLimit, encoder.textSpecialCount(), "a text");
        String prompt = prompts.resolve(options.prompt(), options.promptName());
        int promptLength = promptLength(prompt, tokenLimit);
        float[][] vectors = new float[texts.size()][];
        ProgressCount progress = new ProgressCount(options.progress(), texts.size());
        for (int from = 0; from < texts.size(); from += SLICE_TEXTS) {
            List<String> slice = texts.subList(from, Math.min(texts.size(), from + SLICE_TEXTS));
            Encoding[] encodings = tokenize(slice, prompt, tokenLimit, cancellation);
            for (int i = 0; i < encodings.length; i++) {
                BatchRunner.requirePositions(
                        encodings[i], network.config().maxPositionEmbeddings(), t -> "text " + t, from + i);
            }
            int first = from;
            runner.run(encodings, options.batchSize(), cancellation, (room, batch, members, parts) -> {
                SentenceModel.Room large =
                        room.fits(batch) ? room : network.newRoom(batch.rowCount(), batch.pairCount(), crew.threads());
                Matrix computed = network.forward(batch, promptLength, large, parts);
                for (int b = 0; b < members.length; b++) {
                    vectors[first + members[b]] = vector(computed, b, options);
                }
                progress.add(members.length);
            });
        }
        return vectors;
    }

    private float[] vector(Matrix computed, int row, EncodeOptions options) {
        int at = computed.at(row);
        float[] vector = Arrays.copyOfRange(computed.data(), at, at + dimensions(options));
        if (options.normalize()) {
            UnitLength.normalize(vector, 0, vector.length);
        }
        return vector;
    }

    private Encoding[] tokenize(List<String> texts, String prompt, int tokenLimit, Cancellation cancellation) {
        Encoding[] encodings = new Encoding[texts.size()];
        crew.runBlocks(texts.size(), TOKENIZE_TEXTS, cancellation, (from, to) -> {
            for (int i = from; i < to; i++) {
                String text = texts.get(i);
                encodings[i] = encoder.encode(prompt.isEmpty() ? text : prompt + text, tokenLimit);
            }
        });
        return encodings;
    }

    /**
     * How many tokens at the beginning of a text are the prompt's: those of the prompt alone, without a special token at its end.
     * ({@code Transformer._get_prompt_length}, base/modules/transformer.py.)
     */
    private int promptLength(String prompt, int tokenLimit) {
        if (prompt.isEmpty()) {
            return 0;
        }
        Encoding alone = encoder.encode(prompt, tokenLimit);
        int last = alone.size() - 1;
        return last >= 0 && alone.text(last) == Encoding.NO_TEXT ? last : last + 1;
    }
}
