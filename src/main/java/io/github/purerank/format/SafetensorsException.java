package io.github.purerank.format;

import java.util.Objects;

/** A safetensors file that breaks one of the format's rules. */
public final class SafetensorsException extends ModelFormatException {
    private static final long serialVersionUID = 1L;

    private final SafetensorsRule rule;

    SafetensorsException(SafetensorsRule rule, String file, String location, String expected, String found) {
        super(file, location, expected, found);
        this.rule = Objects.requireNonNull(rule, "rule");
    }

    /** The broken rule. */
    public SafetensorsRule rule() {
        return rule;
    }
}
