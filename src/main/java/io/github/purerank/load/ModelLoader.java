package io.github.purerank.load;

import io.github.purerank.format.DType;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import io.github.purerank.format.TensorInfo;
import io.github.purerank.format.TensorSource;
import io.github.purerank.kernel.Kernels;
import io.github.purerank.model.BertConfig;
import io.github.purerank.model.CrossEncoderModel;
import io.github.purerank.text.PairEncoder;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** Reads a whole model: what it says about itself, its tokenizer and its weights. No file is kept open or mapped. */
public final class ModelLoader {
    private ModelLoader() {}

    /** The files of the small model that this library brings along. */
    public static ModelFiles defaultFiles() {
        return ModelFiles.inResources(ModelLoader.class, "/io/github/purerank/default-model");
    }

    /**
     * The files of a model on disk.
     *
     * @throws NotDirectoryException if it is no directory
     * @throws FileNotFoundException if there is nothing at the path, or no model in it
     */
    public static ModelFiles filesIn(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            throw new FileNotFoundException(
                    directory + ": no such directory; a model is one with config.json, a tokenizer and weights");
        }
        if (!Files.isDirectory(directory)) {
            throw new NotDirectoryException(
                    directory + ": a model is a directory with config.json, a tokenizer and weights");
        }
        ModelFiles files = ModelFiles.inDirectory(directory);
        if (!files.has(ConfigLoader.CONFIG) && !files.has(SavedModules.MODULES)) {
            throw new FileNotFoundException(directory + ": no model is here: neither config.json nor modules.json");
        }
        return files;
    }

    /**
     * Reads a model's tokenizer alone.
     *
     * @throws ModelFormatException if a file breaks the rules of its format or asks for something that is not supported
     * @throws FileNotFoundException if a file is missing
     */
    public static ModelTokenizer loadTokenizer(ModelFiles files) throws IOException {
        SavedConfig saved = ConfigLoader.read(files);
        return new ModelTokenizer(TokenizerLoader.load(saved), saved.config());
    }

    /**
     * Reads a model.
     *
     * @param kernels what is to compute with it; the weights are laid out for them
     * @param executor where the tokenizer is read while the caller reads the weights; it may run it at once, later or never,
     *     but does not throw
     * @throws ModelFormatException if a file breaks the rules of its format or asks for something that is not supported
     * @throws FileNotFoundException if a file is missing
     */
    public static LoadedModel load(ModelFiles files, Kernels kernels, Executor executor) throws IOException {
        SavedConfig saved = ConfigLoader.read(files);
        ModelConfig config = saved.config();
        FutureTask<PairEncoder> tokenizer = new FutureTask<>(() -> TokenizerLoader.load(saved));
        executor.execute(tokenizer);
        try (TensorSource source = Safetensors.openModel(config.transformerFiles())) {
            CrossEncoderModel network = BertWeights.read(source, config.bert(), kernels);
            Set<DType> dtypes = EnumSet.noneOf(DType.class);
            long parameterCount = count(source, dtypes);
            // Does nothing where an executor's thread has begun it.
            tokenizer.run();
            PairEncoder encoder = result(tokenizer);
            requireTokenTypes(config.bert(), config.transformerFiles(), encoder);
            return new LoadedModel(source.describe(), config, encoder, network, parameterCount, dtypes);
        } finally {
            tokenizer.cancel(false);
        }
    }

    /** How many numbers were learned; their types are added to {@code dtypes}. */
    static long count(TensorSource source, Set<DType> dtypes) {
        long count = 0;
        for (TensorInfo tensor : source.tensors().values()) {
            if (tensor.dtype().isFloatingPoint()) {
                count += tensor.elementCount();
                dtypes.add(tensor.dtype());
            }
        }
        return count;
    }

    /** The tokenizer must not give tokens a type that the network has no vector for. */
    static void requireTokenTypes(BertConfig config, ModelFiles files, PairEncoder encoder)
            throws ModelFormatException {
        int largest = encoder.largestTokenTypeId();
        int known = config.typeVocabSize();
        if (config.architecture().hasTokenTypes() && largest >= known) {
            throw new ModelFormatException(
                    files.describe(ConfigLoader.CONFIG),
                    "/type_vocab_size",
                    "more than " + largest + ", which the tokenizer gives tokens as their type",
                    Integer.toString(known));
        }
    }

    static PairEncoder result(FutureTask<PairEncoder> tokenizer) throws IOException {
        try {
            return tokenizer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while loading");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw (Error) e.getCause();
        }
    }
}
