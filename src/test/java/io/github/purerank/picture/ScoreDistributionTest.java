package io.github.purerank.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class ScoreDistributionTest {
    private static final Pattern HEIGHT = Pattern.compile(" V([0-9.]+) H");

    private static Document draw(double[] relevant, double[] irrelevant, double threshold, String name)
            throws Exception {
        String svg = new ScoreDistribution(relevant, irrelevant, threshold, name).toSvg();
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<Element> elements(Document svg, String name) {
        NodeList nodes = svg.getElementsByTagName(name);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }

    private static List<String> texts(Document svg) {
        return elements(svg, "text").stream().map(Element::getTextContent).toList();
    }

    private static double[] normal(int count, double mean) {
        Random random = new Random(count);
        return random.doubles(count, 0, 1)
                .map(x -> mean + 3 * random.nextGaussian())
                .toArray();
    }

    /** The sum of a class's bars in per cent, by the y axis that stands beside them. */
    private static double total(Document svg, String name) {
        double top = Double.POSITIVE_INFINITY;
        double bottom = 0;
        double highest = 0;
        for (Element text : elements(svg, "text")) {
            if (text.getAttribute("text-anchor").equals("end")
                    && text.getAttribute("class").equals("note")) {
                // Numbers at the axis stand half a line below their line.
                double y = Double.parseDouble(text.getAttribute("y")) - 4.5;
                top = Math.min(top, y);
                bottom = Math.max(bottom, y);
                highest = Math.max(highest, Double.parseDouble(text.getTextContent()));
            }
        }
        for (Element path : elements(svg, "path")) {
            if (path.getTextContent().strip().equals(name)) {
                double total = 0;
                Matcher heights = HEIGHT.matcher(path.getAttribute("d"));
                while (heights.find()) {
                    total += (bottom - Double.parseDouble(heights.group(1))) / (bottom - top) * highest;
                }
                return total;
            }
        }
        throw new AssertionError("no bars for " + name);
    }

    @Test
    void eachClassIsDrawnInPerCentOfItsOwn() throws Exception {
        Document svg = draw(normal(300, 4), normal(5_000, -4), 0.25, "best F1 0.9");
        assertEquals(100, total(svg, "relevant"), 0.2);
        assertEquals(100, total(svg, "irrelevant"), 0.2);
        Document single = draw(new double[] {7}, new double[] {7, 7}, Double.NaN, "");
        assertEquals(100, total(single, "relevant"), 0.1);
        assertEquals(100, total(single, "irrelevant"), 0.1);
    }

    @Test
    void thePictureSaysWhatItShows() throws Exception {
        Document svg = draw(new double[] {0.9, 0.7, 0.8}, new double[] {0.1}, 0.4, "best F1 1.0000");
        assertEquals(
                "Scores of relevant and irrelevant pairs",
                elements(svg, "title").get(0).getTextContent());
        assertEquals(
                "3 pairs are relevant, with scores from 0.7 to 0.9, half of them up to 0.8."
                        + " 1 pair is irrelevant, with scores from 0.1 to 0.1, half of them up to 0.1."
                        + " A line marks best F1 1.0000 at 0.4.",
                elements(svg, "desc").get(0).getTextContent());
        List<String> texts = texts(svg);
        assertTrue(
                texts.containsAll(List.of(
                        "relevant, 3 pairs",
                        "irrelevant, 1 pair",
                        "best F1 1.0000 at 0.4",
                        "0.4",
                        "score",
                        "share of the class, %")),
                texts.toString());
        Element root = svg.getDocumentElement();
        assertEquals("img", root.getAttribute("role"));
        for (String id : root.getAttribute("aria-labelledby").split(" ")) {
            String all = new ScoreDistribution(new double[1], new double[1], 0, "").toSvg();
            assertTrue(all.contains("id=\"" + id + "\""), id);
        }
    }

    @Test
    void theThresholdStandsWhereItsScoreIs() throws Exception {
        // From 0 to 1 in steps of 0.1: the threshold is a quarter of the way between the axis's ends.
        Document svg = draw(new double[] {1}, new double[] {0}, 0.25, "best");
        List<Element> dashed = elements(svg, "line").stream()
                .filter(line -> !line.getAttribute("stroke-dasharray").isEmpty()
                        && line.getAttribute("x1").equals(line.getAttribute("x2")))
                .toList();
        assertEquals(1, dashed.size());
        List<Element> ticks = elements(svg, "text").stream()
                .filter(text -> text.getAttribute("text-anchor").equals("middle")
                        && text.getAttribute("class").equals("note"))
                .toList();
        double left = Double.parseDouble(ticks.get(0).getAttribute("x"));
        double right = Double.parseDouble(ticks.get(ticks.size() - 1).getAttribute("x"));
        assertEquals("0.0", ticks.get(0).getTextContent());
        assertEquals("1.0", ticks.get(ticks.size() - 1).getTextContent());
        assertEquals(
                left + 0.25 * (right - left), Double.parseDouble(dashed.get(0).getAttribute("x1")), 0.02);
        assertTrue(elements(draw(new double[] {1}, new double[] {0}, Double.NaN, "none"), "line").stream()
                .noneMatch(line -> !line.getAttribute("stroke-dasharray").isEmpty()));
    }

    @Test
    void nothingIsFetchedOrRun() throws Exception {
        String svg = new ScoreDistribution(normal(50, 1), normal(50, 0), 1, "best").toSvg();
        for (String foreign :
                List.of("<script", "href", "@import", "<image", "<foreignObject", "javascript:", "onload")) {
            assertFalse(svg.contains(foreign), foreign);
        }
        assertEquals(1, svg.split("http", -1).length - 1, "only the name of the format is an address");
        assertTrue(svg.replaceAll("url\\(#[a-z-]+\\)", "").indexOf("url(") < 0);
    }

    @Test
    void textsAreEscaped() throws Exception {
        String name = "a<b & \"c\" \u0001\ud800";
        Document svg = draw(new double[] {1}, new double[] {0}, 0.5, name);
        assertTrue(
                texts(svg).contains("a<b & \"c\" \ufffd\ufffd at 0.5"),
                texts(svg).toString());
    }

    @Test
    void anyFiniteScoresCanBeDrawn() throws Exception {
        double[][] kinds = {
            {0, 0, 0}, {-0.0, 0}, {1e-30, 2e-30}, {3e38, -3e38}, {1e30, 1e30 + 1e24}, {16777216, 16777218}, {5}, {1e-40}
        };
        for (double[] relevant : kinds) {
            for (double[] irrelevant : new double[][] {{}, {0.5}, relevant}) {
                Document svg = draw(relevant, irrelevant, relevant[0], "best");
                assertEquals(100, total(svg, "relevant"), 0.2);
                assertFalse(texts(svg).toString().contains("NaN"));
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new ScoreDistribution(new double[0], new double[0], 0, ""));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ScoreDistribution(new double[] {Double.NaN}, new double[0], 0, ""));
        assertThrows(
                IllegalArgumentException.class,
                () -> new ScoreDistribution(new double[1], new double[] {Double.POSITIVE_INFINITY}, 0, ""));
    }
}
