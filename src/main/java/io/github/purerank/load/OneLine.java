package io.github.purerank.load;

/** Makes messages fit for one line of a terminal or a log, whatever a user typed or a server sent. */
final class OneLine {
    private static final int MAX_LENGTH = 1_500;

    private OneLine() {}

    /** The text with "?" for control characters, cut where it is very long. */
    static String of(String text) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
            char c = text.charAt(i);
            int type = Character.getType(c);
            boolean control = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            line.append(control ? '?' : c);
        }
        return text.length() > MAX_LENGTH ? line.append("…").toString() : line.toString();
    }
}
