package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The dashboard in headless Chromium, through a relay that can break; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class DashboardTest extends ApiTest {
    private static Browser browser;

    @TestHTTPResource("/")
    URI address;

    private Relay relay;

    @BeforeAll
    static void openTheBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void closeTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void openTheWay() {
        relay = new Relay(address.getPort());
    }

    @AfterEach
    void closeTheWay() {
        browser.open("about:blank");
        browser.size(1280, 1000);
        browser.scheme("light");
        relay.close();
    }

    @Test
    void showsAFeedItsSampleAndItsSets() {
        feeds.produce("shown", 30);
        feeds.publish("shown");
        browser.complaints();

        open("shown");

        awaitText("images", "30");
        awaitText("accuracy", "80.0 ± 1.0 %");
        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .after img"))
                .isEqualTo(2));
        patiently()
                .untilAsserted(() -> assertThat(browser.loaded("#sample img")).isEqualTo(16));
        assertThat(browser.text("sample").replaceAll("\\s+", " ")).contains("class-0 15", "class-1 15");
        assertThat(browser.text("bytes")).matches("180 B in, .* out");
        assertThat(browser.text("snippet")).contains("/api/v1/feeds/shown/generations/1\"");
        assertThat(browser.text("rounds")).contains("finished");
        assertThat(browser.all("#quality polyline")).hasSize(3);
        assertThat(browser.all("#quality circle")).hasSize(3);
        assertThat(browser.all("#downloads a")).hasSize(4);
        assertThat(browser.text("connection")).isEqualTo("live");
        patiently().untilAsserted(() -> assertThat(browser.text("rate")).isEqualTo("0 a second"));
        patiently().untilAsserted(() -> assertThat(browser.text("reject-rate")).isEqualTo("0 a second"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void needsNothingButItsOwnServer() {
        open("quiet");
        patiently().until(() -> browser.shows("empty"));

        Object foreign = browser.script("return performance.getEntriesByType('resource').map(entry => entry.name)"
                + ".filter(name => !name.startsWith(location.origin + '/'))");

        assertThat(browser.number("return performance.getEntriesByType('resource').length"))
                .isGreaterThan(5);
        assertThat(foreign).isEqualTo(List.of());
        for (String file : List.of("index.html", "dashboard.js", "dashboard-sets.js", "dashboard.css")) {
            assertThat(Browser.resource("META-INF/resources/" + file))
                    .as(file)
                    .doesNotContain("https://", "//cdn", "<style", " style=", " onclick=", "<script>", "innerHTML");
        }
    }

    @Test
    void startsAndCancelsARoundByKeyboardAndShowsItLive() {
        feeds.produce("driven", 30);
        engine.endless = true;
        open("driven");
        patiently().until(() -> browser.id("start").isEnabled());

        browser.focus("start").sendKeys(Keys.ENTER);
        patiently().untilAsserted(() -> assertThat(browser.text("stage"))
                .contains("distilling", "1 of 10", "loss 0.9000"));
        assertThat(browser.id("start").isEnabled()).isFalse();
        assertThat(browser.all("#stages [aria-current=step]"))
                .singleElement()
                .extracting(WebElement::getText)
                .isEqualTo("distil");
        browser.focus("cancel").sendKeys(Keys.SPACE);

        patiently().untilAsserted(() -> assertThat(browser.text("stage")).contains("The last one cancelled"));
        patiently().untilAsserted(() -> assertThat(browser.text("rounds")).contains("cancelled"));
        for (String request : List.of("POST /api/v1/feeds/driven/rounds ", "DELETE /api/v1/feeds/driven/rounds/")) {
            assertThat(head(request)).containsIgnoringCase("X-Requested-With: reflux");
        }
    }

    @Test
    void drawsTheLossOfARoundWithItsScale() {
        feeds.produce("curved", 30);
        feeds.publish("curved");

        open("curved");

        patiently().until(() -> browser.shows("loss"));
        assertThat(browser.script("return document.querySelector('#loss svg').getAttribute('aria-label')"))
                .isEqualTo("Matching loss from 0.900 at iteration 1 to 0.400 at 10");
        assertThat(browser.number("return document.querySelector('#loss polyline').points.length"))
                .isEqualTo(2);
        assertThat(browser.number("const points = document.querySelector('#loss polyline').points;"
                        + "return points[0].x < points[1].x && points[0].y < points[1].y ? 1 : 0"))
                .isEqualTo(1);
        assertThat(browser.all("#loss svg text"))
                .extracting(WebElement::getText)
                .contains("0", "0.75");
    }

    @Test
    void goesThroughGenerationsWithTheOneBeforeBesideIt() {
        feeds.produce("grown", 30);
        feeds.publish("grown");
        open("grown");
        patiently().untilAsserted(() -> assertThat(browser.text("shown")).startsWith("1 "));
        assertThat(browser.text("before-caption")).contains("No kept generation before it");

        given().header("X-Requested-With", "reflux").post("/api/v1/feeds/grown/rounds");

        patiently().untilAsserted(() -> assertThat(browser.text("shown")).startsWith("2 "));
        patiently()
                .untilAsserted(() -> assertThat(browser.text("before-caption")).startsWith("Generation 1"));
        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .before img"))
                .isEqualTo(2));
        assertThat(browser.number("return document.querySelector('#pairs .after img').getBoundingClientRect().width"))
                .isGreaterThan(80);
        browser.focus("generation").sendKeys(Keys.ARROW_LEFT);
        patiently()
                .untilAsserted(() -> assertThat(browser.text("after-caption")).endsWith("Generation 1"));
        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .before img"))
                .isZero());
    }

    @Test
    void saysHowToBeginWhenAFeedHasNoImages() {
        open("quiet");

        patiently().until(() -> browser.shows("empty"));
        assertThat(browser.text("first-image")).contains("--feed quiet");
        assertThat(browser.text("upload")).contains("curl -H 'Content-Type: image/png'");
        assertThat(browser.shows("dashboard")).isFalse();
    }

    @Test
    void saysThatAFeedIsNotKnownAndShowsItOnceItIs() {
        open("unheard");

        patiently().until(() -> browser.shows("missing"));
        assertThat(browser.text("missing")).contains("unheard");
        assertThat(browser.shows("dashboard")).isFalse();

        feeds.produce("unheard", 4);
        awaitText("images", "4");
        assertThat(browser.shows("missing")).isFalse();
    }

    @Test
    void saysThatItReadsUntilTheServiceHasAnswered() {
        feeds.produce("slow", 4);
        open("quiet");
        patiently().until(() -> browser.shows("empty"));

        relay.stall();
        browser.script("location.hash = 'slow'");
        patiently().until(() -> browser.shows("loading"));
        assertThat(browser.id("loading").getAttribute("aria-busy")).isEqualTo("true");
        assertThat(browser.shows("empty")).isFalse();
        relay.resume();

        awaitText("images", "4");
        assertThat(browser.shows("loading")).isFalse();
    }

    @Test
    void isRightAgainAfterALostConnection() {
        feeds.produce("torn", 10);
        open("torn");
        awaitText("images", "10");

        relay.cut();
        patiently().until(() -> browser.shows("lost"));
        assertThat(browser.text("connection")).isEqualTo("not connected");
        assertThat(browser.text("lost")).contains("is lost", "What is shown is of");
        assertThat(browser.id("start").isEnabled()).isFalse();
        assertThat(browser.text("images")).isEqualTo("10");
        browser.assertNoOffenders("light");
        feeds.send(IntStream.range(10, 30)
                .mapToObj(i -> feeds.image("torn", "class-" + i % 2, i, ApiFeeds.pixels(i)))
                .toList());
        patiently().untilAsserted(() -> given().get("/api/v1/feeds/torn").then().body("in.images", equalTo(30)));
        feeds.publish("torn");
        relay.restore();

        awaitText("images", "30");
        awaitText("connection", "live");
        patiently().untilAsserted(() -> assertThat(browser.text("shown")).startsWith("1 "));
        assertThat(browser.shows("lost")).isFalse();
        assertThat(browser.id("start").isEnabled()).isTrue();
    }

    @Test
    void noticesAConnectionThatStaysOpenAndIsSilent() {
        feeds.produce("mute", 10);
        open("mute");
        awaitText("images", "10");

        relay.stall();
        patiently().until(() -> browser.shows("lost"));
        relay.resume();

        awaitText("connection", "live");
        awaitText("images", "10");
    }

    @Test
    void tellsWhatTheServiceRefuses() {
        feeds.produce("idle", 4);
        open("idle");
        awaitText("images", "4");

        browser.script("document.getElementById('cancel').disabled = false");
        browser.id("cancel").click();

        patiently().until(() -> browser.shows("notice"));
        assertThat(browser.text("complaint")).contains("idle");
        browser.assertNoOffenders("dark");
        browser.focus("dismiss").sendKeys(Keys.ENTER);
        assertThat(browser.shows("notice")).isFalse();
    }

    @Test
    void beingSentElsewhereToLogInEndsTheSession() {
        feeds.produce("sent", 4);
        open("sent");
        awaitText("images", "4");
        patiently().until(() -> browser.id("start").isEnabled());

        browser.script(
                "const real = fetch; window.fetch = (url, options) => real('q/swagger-ui', {...options, method: 'GET'})");
        browser.id("start").click();

        patiently().until(() -> browser.shows("ended"));
        assertThat(browser.shows("dashboard")).isFalse();
    }

    @Test
    void reachesEveryControlByTheTabKeyAndShowsWhereItIs() {
        feeds.produce("tabbed", 30);
        feeds.publish("tabbed");
        given().header("X-Requested-With", "reflux").post("/api/v1/feeds/tabbed/rounds");
        feeds.awaitGeneration("tabbed", 2);
        open("tabbed");
        patiently()
                .until(() -> browser.all("#downloads a").size() == 4
                        && browser.id("generation").isEnabled());

        List<String> reached = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            browser.press(Keys.TAB);
            Object found = browser.script(
                    "const at = document.activeElement; if (at === document.body) return '';"
                            + "const ring = getComputedStyle(at);"
                            + "return (at.id || at.textContent.trim().slice(0, 12)) + (ring.outlineStyle === 'none' ? ' unseen' : '')");
            reached.add(String.valueOf(found));
        }

        assertThat(reached).noneMatch(name -> name.endsWith(" unseen"));
        assertThat(reached)
                .containsSubsequence(
                        "Skip to the ", "feed", "API", "start", "safetensors", "generation", "copy", "As a table");
    }

    @Test
    void hasEnoughContrastInLightAndInDark() {
        feeds.produce("contrasted", 30);
        feeds.publish("contrasted");
        open("contrasted");
        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .after img"))
                .isEqualTo(2));
        browser.script("document.querySelector('details').open = true");

        assertThat(browser.assertNoOffenders("light")).isGreaterThan(80);
        assertThat(browser.assertNoOffenders("dark")).isGreaterThan(80);

        browser.script("document.getElementById('stage').style.color = '#5f6a75'");
        assertThat(browser.contrast().get("offenders")).asString().contains("text of #stage");
        for (String feed : List.of("quiet", "unknown")) {
            open(feed);
            patiently().until(() -> browser.shows("empty") || browser.shows("missing"));
            browser.assertNoOffenders("light");
            browser.assertNoOffenders("dark");
        }
    }

    @Test
    void swaggerUiWorksUnderItsPolicy() {
        browser.complaints().forEach(earlier -> {});

        browser.open(address + "q/swagger-ui/");

        patiently().untilAsserted(() -> assertThat(browser.all(".opblock")).hasSizeGreaterThan(20));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void fitsAPhone() {
        feeds.produce("small", 30);
        feeds.publish("small");
        browser.size(390, 844);

        open("small");
        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .after img"))
                .isEqualTo(2));

        assertThat(browser.number("return document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(390);
        assertThat(browser.number("return [...document.querySelectorAll('.top, .tile, .card, #pairs figure, svg')]"
                        + ".filter(node => node.getBoundingClientRect().right > 391).length"))
                .isZero();
    }

    @Test
    void copiesASnippetThatLoadsTheSetInPython() throws Exception {
        feeds.produce("loaded", 30);
        feeds.publish("loaded");
        browser.allowClipboard();
        open("loaded");
        patiently().untilAsserted(() -> assertThat(browser.text("snippet")).contains("generations/1\""));

        browser.focus("copy").sendKeys(Keys.ENTER);
        patiently().untilAsserted(() -> assertThat(browser.text("copy")).isEqualTo("Copied"));
        String copied = String.valueOf(browser.script("return navigator.clipboard.readText()"));

        assertThat(copied).isEqualTo(browser.text("snippet"));
        assumeThat(python("import numpy")).as("python3 with numpy").isEmpty();
        assertThat(python(copied)).contains("(2, 1, 2, 3) (2, 2) ['class-0', 'class-1'] {", "'learning-rate': 0.02");
    }

    private void open(String feed) {
        browser.open("http://127.0.0.1:" + relay.port() + "/#" + feed);
    }

    private static void awaitText(String id, String expected) {
        patiently().untilAsserted(() -> assertThat(browser.text(id)).isEqualTo(expected));
    }

    /** What came with a request. */
    private String head(String request) {
        String asked = relay.asked();
        int start = asked.indexOf(request);
        assertThat(start).as(request).isNotNegative();
        return asked.substring(start, asked.indexOf("\r\n\r\n", start));
    }

    /** What a program prints, errors too. */
    private static String python(String program) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder("python3", "-c", program)
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return "there is no python3";
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }
}
