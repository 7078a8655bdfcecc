package io.github.purerank;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What tools/soak does for minutes, for a few seconds. */
class SoakTest {
    @Test
    @Timeout(120)
    void threadsShareAModel() throws Exception {
        System.out.println(Soak.run(5, 8));
    }
}
