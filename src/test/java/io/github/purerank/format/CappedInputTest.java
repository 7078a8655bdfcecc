package io.github.purerank.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CappedInputTest {
    /** A stream that says it has another length than it has. */
    private static InputStream stream(byte[] bytes, int available) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int available() {
                return available;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 1, 50, 99, 100, 101, 1000, Integer.MAX_VALUE})
    void theWholeStreamIsReadWhateverItSaysOfItsLength(int available) throws IOException {
        byte[] bytes = new byte[100];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        for (int maxBytes : new int[] {100, 101, 5000}) {
            assertArrayEquals(bytes, CappedInput.readAll(stream(bytes, available), "f", maxBytes));
        }
        for (int maxBytes : new int[] {0, 1, 49, 50, 51, 98, 99}) {
            ModelFormatException e = assertThrows(
                    ModelFormatException.class, () -> CappedInput.readAll(stream(bytes, available), "f", maxBytes));
            assertEquals("at most " + maxBytes + " bytes", e.expected());
        }
        assertEquals(0, CappedInput.readAll(stream(new byte[0], available), "f", 3).length);
    }
}
