package io.github.purerank.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;

/** The page of "purerank serve" in a headless Chromium. Screenshots go to target/screenshots. */
class ServerPageTest {
    private static final Path SCREENSHOTS = Path.of("target/screenshots").toAbsolutePath();
    private static final Pattern LISTENING = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+) ");
    private static final String ANSWER = "Use the account settings page to send a password reset link.";

    private static Process server;
    private static String address;
    private static ChromeDriver driver;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(SCREENSHOTS);
        ProcessBuilder serve = new ProcessBuilder("../tools/purerank", "serve", "--port", "0");
        serve.environment().put("PURERANK_API_KEY", "secret");
        server = serve.start();
        address = address();
        driver = Chromium.start();
    }

    private static String address() throws IOException {
        BufferedReader err =
                new BufferedReader(new InputStreamReader(server.getErrorStream(), StandardCharsets.UTF_8));
        List<String> said = new ArrayList<>();
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.add(line);
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                return listening.group(1);
            }
        }
        throw new AssertionError("the server ended: " + said);
    }

    @AfterAll
    static void stop() {
        if (driver != null) {
            driver.quit();
        }
        if (server != null) {
            server.destroy();
        }
    }

    /** From the keyboard alone, on a phone's width. */
    @Test
    void ranksFromTheKeyboardOnAPhone() throws Exception {
        driver.manage().window().setSize(new Dimension(390, 844));
        driver.get(address);
        enterKey("secret");
        WebElement query = driver.findElement(By.id("query"));
        query.clear();
        query.sendKeys("How do I reset a user password?", Keys.ENTER);

        List<WebElement> rows = ranking();
        assertEquals(3, rows.size());
        assertTrue(rows.get(0).getText().startsWith("1 7.1297 " + ANSWER), rows.get(0).getText());
        assertTrue(status().matches("3 passages in \\d+ ms"), status());
        assertEquals(true, driver.executeScript("return document.documentElement.scrollWidth <= innerWidth"));
        Files.write(SCREENSHOTS.resolve("serve-phone.png"), driver.getScreenshotAs(OutputType.BYTES));
        assertEquals(List.of(), Chromium.console(driver));
        // Its own requests alone: the ranking.
        assertEquals(
                List.of(address + "/rerank"),
                driver.executeScript("return performance.getEntriesByType('resource').map(entry => entry.name)"
                        + ".filter(name => !name.startsWith('data:'))"));
    }

    @Test
    void passagesAreTextAndNothingElse() {
        driver.manage().window().setSize(new Dimension(1120, 900));
        driver.get(address);
        enterKey("secret");
        WebElement passages = driver.findElement(By.id("passages"));
        passages.clear();
        passages.sendKeys("<img src=x onerror=document.title='hacked'>", Keys.ENTER, Keys.ENTER, "An old story.");
        driver.findElement(By.id("rank")).sendKeys(Keys.SPACE);
        assertEquals(2, ranking().size());
        assertTrue(driver.findElements(By.cssSelector("#ranking img")).isEmpty());
        assertEquals("PureRank", driver.getTitle());
    }

    @Test
    void saysWhatWentWrong() {
        driver.get(address);
        enterKey("wrong");
        driver.findElement(By.id("rank")).click();
        await("Failed");
        assertTrue(status().contains("API key"), status());
        assertFalse(driver.findElement(By.id("ranking")).isDisplayed());
        // The browser itself reports the status 401.
        Chromium.console(driver);
    }

    private static void enterKey(String key) {
        driver.findElement(By.tagName("summary")).sendKeys(Keys.ENTER);
        driver.findElement(By.id("key")).sendKeys(key);
    }

    private static List<WebElement> ranking() {
        await(" ms");
        return driver.findElements(By.cssSelector("#ranking tbody tr"));
    }

    private static String status() {
        return driver.findElement(By.id("status")).getText();
    }

    private static void await(String part) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!status().contains(part)) {
            assertTrue(System.nanoTime() - end < 0, "still \"" + status() + "\"");
        }
    }
}
