package io.github.purerank;

/** An option that a model cannot be used with. The message begins with the option's name. */
public final class OptionException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String option;
    private final String reason;

    OptionException(String option, String reason) {
        super(option + ": " + reason);
        this.option = option;
        this.reason = reason;
    }

    /** The option's name in {@link PredictOptions} or {@link EncodeOptions}. */
    public String option() {
        return option;
    }

    /** What is wrong with it. */
    public String reason() {
        return reason;
    }
}
