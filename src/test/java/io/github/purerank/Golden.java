package io.github.purerank;

import io.github.purerank.format.JsonValue;
import io.github.purerank.format.ModelFiles;
import io.github.purerank.format.ModelFormatException;
import io.github.purerank.format.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the reference implementation computed (tools/make_reference.py).
 *
 * @param name the group's name and the beginning of its hidden states' names
 * @param inputs what it was given, with what came out
 */
public record Golden(String name, List<Input> inputs) {
    private static final ModelFiles FILES = ModelFiles.inResources(Golden.class, "/golden");

    /**
     * One pair's tokens and the reference's results for them.
     *
     * @param json all that the file says of it
     */
    public record Input(int number, int[] ids, int[] types, float[] logits, JsonValue json) {
        @Override
        public String toString() {
            return "input " + number + " (" + ids.length + " tokens)";
        }
    }

    /** A golden file. */
    public static JsonValue json(String file) {
        try {
            return JsonValue.parse(FILES.read(file, 1 << 24), file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The default model's pairs. */
    public static Golden defaultModel() {
        return new Golden("default", inputs(json("default.json"), "pairs"));
    }

    /** A list of inputs in a golden file. */
    public static List<Input> inputs(JsonValue holder, String key) {
        try {
            List<Input> inputs = new ArrayList<>();
            for (JsonValue json : holder.get(key).elements()) {
                inputs.add(new Input(
                        inputs.size(),
                        integers(json.get("input_ids")),
                        integers(json.get("token_type_ids")),
                        floats(json.get("logits")),
                        json));
            }
            return inputs;
        } catch (ModelFormatException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The reference's hidden state (T, H) of an input after a stage.
     *
     * @param file the golden file with the states
     */
    public Optional<float[]> hiddenState(String file, Input input, int stage) {
        String tensor = name + "/" + input.number() + "/" + stage;
        try (Safetensors states = Safetensors.open(FILES.open(file), file)) {
            return states.tensors().containsKey(tensor) ? Optional.of(states.readAll(tensor)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int[] integers(JsonValue list) throws ModelFormatException {
        List<JsonValue> elements = list.elements();
        int[] integers = new int[elements.size()];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (int) elements.get(i).integer(0, Integer.MAX_VALUE);
        }
        return integers;
    }

    static float[] floats(JsonValue list) throws ModelFormatException {
        List<JsonValue> elements = list.elements();
        float[] floats = new float[elements.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) elements.get(i).number();
        }
        return floats;
    }
}
