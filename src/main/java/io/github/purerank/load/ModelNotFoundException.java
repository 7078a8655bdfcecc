package io.github.purerank.load;

import java.io.FileNotFoundException;

/** No model is there under a name. The message is one line and says what can be done. */
public final class ModelNotFoundException extends FileNotFoundException {
    private static final long serialVersionUID = 1L;

    ModelNotFoundException(String message) {
        super(OneLine.of(message));
    }
}
