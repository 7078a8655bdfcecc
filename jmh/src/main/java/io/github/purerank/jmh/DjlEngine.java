package io.github.purerank.jmh;

import ai.djl.ModelException;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** The same weights by Deep Java Library, whose engine for them is ONNX Runtime too. */
final class DjlEngine extends PaddedEngine {
    private final Path folder = Files.createTempDirectory("purerank-jmh");
    private final ZooModel<NDList, NDList> model;
    private final Predictor<NDList, NDList> predictor;

    DjlEngine(byte[] onnx, int threads) throws IOException {
        Path file = Files.write(folder.resolve("model.onnx"), onnx);
        try {
            model = Criteria.builder()
                    .setTypes(NDList.class, NDList.class)
                    .optModelPath(file)
                    .optEngine("OnnxRuntime")
                    .optTranslator(new NoopTranslator())
                    .optOption("intraOpNumThreads", Integer.toString(threads))
                    .optOption("interOpNumThreads", "1")
                    .optOption("optLevel", "ALL_OPT")
                    .build()
                    .loadModel();
        } catch (ModelException e) {
            throw new IOException(e);
        }
        predictor = model.newPredictor();
    }

    @Override
    float[] compute(Batch batch) throws IOException {
        try (NDManager manager = model.getNDManager().newSubManager()) {
            Shape shape = new Shape(batch.pairs(), batch.tokens());
            NDList inputs = new NDList(
                    named(manager, "input_ids", batch.inputIds(), shape),
                    named(manager, "attention_mask", batch.attentionMask(), shape),
                    named(manager, "token_type_ids", batch.tokenTypeIds(), shape));
            try (NDList outputs = predictor.predict(inputs)) {
                NDArray hidden = outputs.get(0);
                int hiddenSize = (int) hidden.getShape().get(2);
                float[] values = hidden.toFloatArray();
                float[] first = new float[batch.pairs()];
                for (int b = 0; b < first.length; b++) {
                    first[b] = values[b * batch.tokens() * hiddenSize];
                }
                return first;
            }
        } catch (TranslateException e) {
            throw new IOException(e);
        }
    }

    private static NDArray named(NDManager manager, String name, LongBuffer values, Shape shape) {
        NDArray array = manager.create(values, shape, DataType.INT64);
        array.setName(name);
        return array;
    }

    @Override
    public void close() throws IOException {
        super.close();
        predictor.close();
        model.close();
        Files.delete(folder.resolve("model.onnx"));
        Files.delete(folder);
    }
}
