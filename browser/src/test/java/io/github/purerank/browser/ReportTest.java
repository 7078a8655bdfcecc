package io.github.purerank.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.print.PrintOptions;

/** The page of "purerank explain" in a headless Chromium. Screenshots go to target/screenshots. */
class ReportTest {
    private static final Path PAGES = Path.of("target/pages").toAbsolutePath();
    private static final Path SCREENSHOTS = Path.of("target/screenshots").toAbsolutePath();

    private static final String QUERY = "how tall is mount everest?";
    private static final String PASSAGE =
            "Mount Everest, on the border of Nepal, is the highest mountain on Earth: its snow-covered summit stands 8,849"
                    + " metres above the sea, as an unbelievably careful survey of 2020 found.";

    private static ChromeDriver driver;

    @BeforeAll
    static void start() throws IOException {
        Files.createDirectories(PAGES);
        Files.createDirectories(SCREENSHOTS);
        driver = Chromium.start();
    }

    @AfterAll
    static void stop() {
        if (driver != null) {
            driver.quit();
        }
    }

    @BeforeEach
    void usualWindow() {
        driver.manage().window().setSize(new Dimension(1120, 900));
        media("screen", "light");
    }

    /** Whatever was done with the page: nothing on the console, nothing loaded. */
    @AfterEach
    void nothingWentWrong() {
        assertEquals(List.of(), Chromium.console(driver));
        assertEquals(0L, script("return performance.getEntriesByType('resource').length"));
    }

    private static Path explain(String name, String query, String passage) throws Exception {
        Path page = PAGES.resolve(name + ".html");
        Process process = new ProcessBuilder(
                        "../tools/purerank", "explain", "--output", page.toString(), "--", query, passage)
                .redirectErrorStream(true)
                .redirectOutput(PAGES.resolve(name + ".log").toFile())
                .start();
        assertEquals(0, process.waitFor(), Files.readString(PAGES.resolve(name + ".log")));
        return page;
    }

    private static void open(Path page) {
        driver.get(page.toUri().toString());
    }

    private static Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    private static void media(String media, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("media", media, "features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    private static WebElement id(String id) {
        return driver.findElement(By.id(id));
    }

    private static void screenshot(String name) throws IOException {
        Map<String, Object> shot = driver.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        byte[] png = Base64.getDecoder().decode((String) shot.get("data"));
        ImageIO.write(
                SmallPalette.of(ImageIO.read(new ByteArrayInputStream(png))),
                "png",
                SCREENSHOTS.resolve(name + ".png").toFile());
    }

    /** The lowest contrast of a text in the page with what is behind it, by WCAG's formula. */
    private static double lowestContrast() {
        String measure = """
                const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
                const light = rgb => { const [r, g, b] = rgb.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
                const behind = e => { const over = []; for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); const a = c.length > 3 ? c[3] : 1; if (a > 0) over.push([c, a]); if (a === 1) break; }
                  return over.reverse().reduce((under, [c, a]) => under.map((u, i) => u * (1 - a) + c[i] * a), [255, 255, 255]); };
                let lowest = 21;
                const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
                while (walker.nextNode()) {
                  const e = walker.currentNode.parentElement;
                  if (!walker.currentNode.data.trim() || !e.getClientRects().length || e.closest('svg') || e.closest('noscript')) continue;
                  const a = light(parse(getComputedStyle(e).color)), b = light(behind(e));
                  lowest = Math.min(lowest, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
                }
                return lowest;
                """;
        return ((Number) script(measure)).doubleValue();
    }

    @Test
    void aPairOfThirtyWords() throws Exception {
        Path page = explain("everest", QUERY, PASSAGE);
        assertTrue(Files.size(page) < 1_000_000, Files.size(page) + " bytes");
        open(page);
        assertEquals(QUERY, id("query").getText());
        assertEquals(PASSAGE, id("passage").getText());
        List<WebElement> words = driver.findElements(By.cssSelector("#words .word"));
        assertEquals(5 + 30, words.size());
        assertTrue(words.get(4).getText().startsWith("everest\n+"), words.get(4).getText());
        assertEquals(
                List.of("un", "bel", "ie", "va", "bly"),
                words.get(5 + 24).findElements(By.cssSelector(":scope > span > span")).stream()
                        .map(WebElement::getText)
                        .toList());
        assertTrue(lowestContrast() >= 4.5, "contrast " + lowestContrast());
        screenshot("explain-light");
        media("screen", "dark");
        assertTrue(lowestContrast() >= 4.5, "contrast in the dark " + lowestContrast());
        screenshot("explain-dark");
        media("print", "dark");
        assertTrue(lowestContrast() >= 4.5, "contrast on paper " + lowestContrast());
        screenshot("explain-print");
        media("screen", "light");
        byte[] pdf = Base64.getDecoder().decode(driver.print(new PrintOptions()).getContent());
        assertTrue(pdf.length > 10_000, "a PDF of " + pdf.length + " bytes");
    }

    @Test
    void mapsEnlargeOnClickAndNameThePairsOfTokens() throws Exception {
        open(explain("maps", QUERY, PASSAGE));
        List<WebElement> maps = driver.findElements(By.cssSelector("#maps button"));
        assertEquals(8, maps.size());
        WebElement large = id("map");
        String before = pixels();
        for (int i = 0; i < maps.size(); i++) {
            maps.get(i).click();
            assertEquals("true", maps.get(i).getDomAttribute("aria-pressed"));
            assertEquals(
                    1,
                    driver.findElements(By.cssSelector("#maps [aria-pressed=true]"))
                            .size());
            assertEquals(
                    "Layer " + (i / 2 + 1) + ", head " + (i % 2 + 1),
                    id("map-title").getText());
            assertNotEquals(before, pixels());
            before = pixels();
        }
        new Actions(driver).moveToElement(large, 0, 0).perform();
        String there = readOut();
        assertTrue(there.matches("“.+” looks at “.+”: [\\d.]+ %"), there);
        new Actions(driver).moveToElement(large, 60, -40).perform();
        assertNotEquals(there, readOut());
    }

    /** Without the marks that keep texts of other directions apart. */
    private static String readOut() {
        return id("map-readout").getText().replaceAll("[\\u2068\\u2069]", "");
    }

    private static String pixels() {
        return (String) script("return document.getElementById('map').toDataURL()");
    }

    @Test
    void everythingWorksByKeyboard() throws Exception {
        open(explain("keyboard", QUERY, PASSAGE));
        // One stop for the table of tokens, one for the maps, one for the large map, and so on.
        List<String> stops = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            new Actions(driver).sendKeys(Keys.TAB).perform();
            stops.add((String) script("const e = document.activeElement; return e.id || e.tagName.toLowerCase()"));
        }
        assertEquals(List.of("summary", "button", "map", "svg", "summary"), stops);

        driver.findElement(By.cssSelector("#maps button[tabindex='0']")).sendKeys(Keys.HOME);
        keys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        assertEquals("layer 2, head 2", script("return document.activeElement.getAttribute('aria-label')"));
        keys(Keys.ENTER);
        assertEquals("Layer 2, head 2", id("map-title").getText());

        id("map").sendKeys(Keys.HOME);
        keys(Keys.PAGE_UP, Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        assertTrue(readOut().startsWith("“how” looks at “tall”"), readOut());

        driver.findElement(By.cssSelector("#norms svg")).sendKeys(Keys.ARROW_RIGHT);
        assertTrue(
                id("norms-readout").getText().startsWith("layer 1, attention: [CLS] "),
                id("norms-readout").getText());

        WebElement summary = driver.findElement(By.cssSelector("summary"));
        assertFalse(id("tokens").isDisplayed());
        summary.sendKeys(Keys.ENTER);
        assertTrue(id("tokens").isDisplayed());
        assertEquals(53, driver.findElements(By.cssSelector("#tokens tbody tr")).size());
    }

    private static void keys(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    @Test
    void textsAreShownAndNotObeyed() throws Exception {
        String query = "</script><script>window.harmed = 1</script> {{data}} $& ${1}";
        String passage =
                "<img src=x onerror='window.harmed = 2'><!-- ]]> \"]}, & &lt; \u2028 \u202E <svg onload=window.harmed=3> <style>*{display:none}</style>";
        open(explain("hostile", query, passage));
        assertNull(script("return window.harmed === undefined ? null : window.harmed"));
        assertEquals(query, script("return document.getElementById('query').textContent"));
        assertEquals(passage, script("return document.getElementById('passage').textContent"));
        assertEquals(
                0,
                driver.findElements(By.cssSelector("main img, main style, main script"))
                        .size());
        assertEquals(2L, script("return document.scripts.length"));
        assertTrue(id("score").isDisplayed());
    }

    @Test
    void anyTexts() throws Exception {
        String[][] pairs = {
            {"", ""},
            {"x", ""},
            {"東京の人口は？", "مرحبا بالعالم, naïve 😀 1,000.5 \n\n\t a\u0000b"},
            {"long", "xqzjvkwbpfgxqzjvkwbpfgxqzjvkwbpfg ".repeat(60)},
        };
        for (int i = 0; i < pairs.length; i++) {
            open(explain("any-" + i, pairs[i][0].replace("\u0000", ""), pairs[i][1].replace("\u0000", "")));
            assertTrue(
                    id("score").getText().matches("−?\\d+\\.\\d\\d"),
                    id("score").getText());
            assertTrue(readOut().contains("looks at"), readOut());
            for (int width : new int[] {500, 800, 1400}) {
                driver.manage().window().setSize(new Dimension(width, 900));
                assertEquals(
                        true,
                        script("return document.documentElement.scrollWidth <= window.innerWidth"),
                        "pair " + i + " is wider than " + width);
            }
            screenshot("any-" + i);
        }
    }
}
