package io.github.purerank.text;

import java.util.Arrays;

/** Texts to be looked for, character by character. Immutable once filled. */
final class TokenTrie {
    /** A character that has been followed so far. */
    private static final class Node {
        private char[] characters = {};
        private Node[] children = {};
        private int value = -1;

        Node child(char c) {
            int i = Arrays.binarySearch(characters, c);
            return i < 0 ? null : children[i];
        }

        Node addChild(char c) {
            int i = -1 - Arrays.binarySearch(characters, c);
            characters = Arrays.copyOf(characters, characters.length + 1);
            children = Arrays.copyOf(children, characters.length);
            System.arraycopy(characters, i, characters, i + 1, characters.length - 1 - i);
            System.arraycopy(children, i, children, i + 1, children.length - 1 - i);
            characters[i] = c;
            children[i] = new Node();
            return children[i];
        }
    }

    private final Node root = new Node();
    /** Whether a text begins with the ASCII character. */
    private final boolean[] asciiFirst = new boolean[128];
    /** Whether a text begins with another character. */
    private boolean otherFirst;

    /** Puts a text in; it is not empty. The first value of a text counts. */
    void put(String text, int value) {
        char first = text.charAt(0);
        if (first < asciiFirst.length) {
            asciiFirst[first] = true;
        } else {
            otherFirst = true;
        }
        Node node = root;
        for (int i = 0; i < text.length(); i++) {
            Node child = node.child(text.charAt(i));
            node = child == null ? node.addChild(text.charAt(i)) : child;
        }
        if (node.value < 0) {
            node.value = value;
        }
    }

    boolean isEmpty() {
        return root.children.length == 0;
    }

    /** Whether a text may begin with the character: quick, and false for most. */
    boolean mayBegin(char c) {
        return c < asciiFirst.length ? asciiFirst[c] : otherFirst;
    }

    /** The longest text that stands at a place. */
    void longestAt(CharSequence text, int at, Match into) {
        into.value = -1;
        Node node = root;
        for (int i = at; i < text.length(); ) {
            node = node.child(text.charAt(i++));
            if (node == null) {
                return;
            }
            if (node.value >= 0) {
                into.value = node.value;
                into.end = i;
            }
        }
    }

    /** What was found. */
    static final class Match {
        /** The value of the text, or -1. */
        int value;
        /** Where it ends. */
        int end;
    }
}
