package io.github.purerank.jmh;

import io.github.purerank.CrossEncoder;
import io.github.purerank.LoadOptions;
import io.github.purerank.PredictOptions;
import io.github.purerank.TextPair;
import io.github.purerank.text.Encoding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** PureRank, by its public interface. */
final class PureRankEngine implements Engine {
    private final CrossEncoder model;
    private List<Encoding> prepared;

    PureRankEngine(int threads) throws IOException {
        model = CrossEncoder.load(MiniLm.directory(), LoadOptions.defaults().withThreads(threads));
    }

    @Override
    public float[] scoreTexts(List<TextPair> pairs) {
        return model.predict(pairs);
    }

    @Override
    public float[] scorePrepared() {
        return model.predictEncoded(prepared, PredictOptions.defaults());
    }

    @Override
    public void prepare(List<TextPair> pairs) {
        prepared = new ArrayList<>();
        for (TextPair pair : pairs) {
            prepared.add(model.tokenize(pair, 0));
        }
    }

    @Override
    public void close() {
        model.close();
    }
}
