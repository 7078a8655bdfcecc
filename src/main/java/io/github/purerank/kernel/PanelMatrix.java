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

    /** Takes the panels apart again, which costs a copy. */
    @Override
    float[][] byInput(int first, int count, Scratch scratch) {
        float[][] rows = scratch.weightRows(count, roundUpToPanel(outFeatures()));
        for (int column = 0; column < outFeatures(); column += PANEL) {
            int from = panelAt(column) + first * PANEL;
            for (int k = 0; k < count; k++) {
                System.arraycopy(panels, from + k * PANEL, rows[k], column, PANEL);
            }
        }
        return rows;
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
