package io.github.purerank.load;

import io.github.purerank.model.Architecture;

/**
 * What tensors of a BERT are called in the other architectures, and back, as in tools/make_reference.py: whatever is written
 * for a BERT then does for all.
 */
final class BertNames {
    private static final String LAYERS = "bert.encoder.layer.";
    private static final String DISTILBERT_LAYERS = "distilbert.transformer.layer.";

    /** Pairs of beginnings; the first that fits counts. */
    private static final String[][] ELECTRA = {
        {"bert.pooler.dense", "classifier.dense"}, {"classifier", "classifier.out_proj"}, {"bert.", "electra."}
    };

    private static final String[][] DISTILBERT = {
        {"bert.pooler.dense", "pre_classifier"}, {LAYERS, DISTILBERT_LAYERS}, {"bert.", "distilbert."}
    };

    /** Parts of a layer; each that fits counts, from first to last. */
    private static final String[][] DISTILBERT_PARTS = {
        {"attention.self.query", "attention.q_lin"},
        {"attention.self.key", "attention.k_lin"},
        {"attention.self.value", "attention.v_lin"},
        {"attention.output.dense", "attention.out_lin"},
        {"attention.output.LayerNorm", "sa_layer_norm"},
        {"intermediate.dense", "ffn.lin1"},
        {".output.dense", ".ffn.lin2"},
        {".output.LayerNorm", ".output_layer_norm"}
    };

    private BertNames() {}

    static String in(Architecture architecture, String bertName) {
        String name = bertName;
        if (architecture == Architecture.DISTILBERT && name.startsWith(LAYERS)) {
            for (String[] part : DISTILBERT_PARTS) {
                name = name.replace(part[0], part[1]);
            }
        }
        return begin(architecture, name, 0);
    }

    static String from(Architecture architecture, String name) {
        String bertName = name;
        if (architecture == Architecture.DISTILBERT && name.startsWith(DISTILBERT_LAYERS)) {
            for (String[] part : DISTILBERT_PARTS) {
                bertName = bertName.replace(part[1], part[0]);
            }
        }
        return begin(architecture, bertName, 1);
    }

    private static String begin(Architecture architecture, String name, int from) {
        String[][] beginnings = switch (architecture) {
            case BERT -> new String[0][];
            case DISTILBERT -> DISTILBERT;
            case ELECTRA -> ELECTRA;
        };
        for (String[] beginning : beginnings) {
            if (name.startsWith(beginning[from])) {
                return beginning[1 - from] + name.substring(beginning[from].length());
            }
        }
        return name;
    }
}
