package io.github.purerank.kernel;

/**
 * W^T cut into panels of {@link PackedMatrix#PANEL} output columns, the layout of {@link VectorKernels}: within a panel the
 * weights stand in the order in which a tile of the product reads them, k by k.
 */
final class PanelMatrix extends PackedMatrix {
    private final float[] panels;

    PanelMatrix(int inFeatures, int outFeatures) {
        super(inFeatures, outFeatures);
        this.panels = new float[Math.multiplyExact(roundUpToPanel(outFeatures), inFeatures)];
    }

    float[] panels() {
        return panels;
    }

    /** Where the panel that begins with output {@code column} begins in {@link #panels()}. */
    int panelAt(int column) {
        return column * inFeatures();
    }

    /** The weights of one output, k by k, into {@code target}. */
    void copyColumn(int column, float[] target) {
        int from = panelAt(column / PANEL * PANEL) + column % PANEL;
        for (int k = 0; k < inFeatures(); k++) {
            target[k] = panels[from + k * PANEL];
        }
    }

    @Override
    public void setRows(int firstOut, float[] weights, int offset, int count) {
        for (int n = 0; n < count; n++) {
            int column = firstOut + n;
            int target = panelAt(column / PANEL * PANEL) + column % PANEL;
            int source = offset + n * inFeatures();
            for (int k = 0; k < inFeatures(); k++) {
                panels[target + k * PANEL] = weights[source + k];
            }
        }
    }
}
