package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** Which generation the dashboard shows, and what it offers of it; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class DashboardGenerationsTest extends BrowserTest {
    private static final Map<String, String> TYPES = Map.of(
            "safetensors", "application/vnd.safetensors",
            "npz", "application/vnd.numpy.npz",
            "zip", "application/zip",
            "png", "image/png");

    @Test
    void followsARollbackAndMarksTheCurrentGeneration() {
        publish("returned", 2);
        open("returned");
        awaitShown("2 · current · ");

        rollBack("returned", 1);

        awaitShown("1 · current · ");
        assertThat(browser.text("after-caption")).endsWith("Generation 1");
        assertThat(browser.id("generation").getAttribute("aria-valuetext")).startsWith("generation 1, current, ");
        assertThat(browser.text("snippet")).contains("/generations/1\"");
        assertThat(downloads()).hasSize(4).allMatch(link -> link.contains("/generations/1/set"));
        patiently().untilAsserted(() -> assertThat(browser.all("#pairs .after img"))
                .extracting(image -> image.getAttribute("src"))
                .hasSize(2)
                .allMatch(source -> String.valueOf(source).contains("/generations/1/images/")));
        browser.script("document.querySelector('#quality details').open = true");
        assertThat(browser.all("#quality-table tbody td:first-child"))
                .extracting(WebElement::getText)
                .containsExactly("2", "1 · current");
    }

    @Test
    void beginsWithTheCurrentGenerationAndNotWithTheNewest() {
        publish("rolled", 2);
        rollBack("rolled", 1);

        open("rolled");

        awaitShown("1 · current · ");
        browser.focus("generation").sendKeys(Keys.ARROW_RIGHT);
        awaitShown("2 · 8");
        patiently()
                .untilAsserted(() -> assertThat(browser.text("after-caption")).endsWith("Generation 2"));
    }

    @Test
    void keepsTheGenerationThatWasChosenByHand() {
        publish("chosen", 3);
        open("chosen");
        awaitShown("3 · current · ");
        browser.focus("generation").sendKeys(Keys.ARROW_LEFT);
        awaitShown("2 · 8");

        rollBack("chosen", 1);

        patiently().untilAsserted(() -> assertThat(browser.script(
                        "return [...document.querySelectorAll('#quality-table tbody tr')].pop().textContent"))
                .asString()
                .startsWith("1 · current"));
        assertThat(browser.text("shown")).startsWith("2 · 8");
        browser.focus("generation").sendKeys(Keys.ARROW_LEFT);
        awaitShown("1 · current · ");
        rollBack("chosen", 3);
        awaitShown("3 · current · ");
    }

    @Test
    void offersTheShownGenerationInFourFormats() {
        publish("offered", 1);

        open("offered");
        awaitShown("1 · current · ");

        assertThat(downloads())
                .containsExactly(
                        address + "api/v1/feeds/offered/generations/1/set?format=safetensors",
                        address + "api/v1/feeds/offered/generations/1/set?format=npz",
                        address + "api/v1/feeds/offered/generations/1/set?format=zip",
                        address + "api/v1/feeds/offered/generations/1/set?format=png");
        downloads().forEach(link -> given().urlEncodingEnabled(false)
                .get(link)
                .then()
                .statusCode(200)
                .contentType(equalTo(TYPES.get(link.substring(link.indexOf('=') + 1)))));
    }

    private void open(String feed) {
        browser.open(address + "#" + feed);
    }

    private void awaitShown(String beginning) {
        patiently().untilAsserted(() -> assertThat(browser.text("shown")).startsWith(beginning));
    }

    private List<String> downloads() {
        return browser.all("#downloads a").stream()
                .map(link -> String.valueOf(link.getAttribute("href")))
                .toList();
    }

    private void publish(String feed, int generations) {
        feeds.produce(feed, 30);
        for (int generation = 1; generation <= generations; generation++) {
            given().post("/api/v1/feeds/" + feed + "/rounds").then().statusCode(202);
            feeds.awaitGeneration(feed, generation);
        }
        await().atMost(ApiFeeds.BOUND)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> given().get("/api/v1/feeds/" + feed).then().body("current", nullValue()));
    }

    private void rollBack(String feed, int generation) {
        given().post("/api/v1/feeds/" + feed + "/generations/" + generation + "/rollback?confirm=" + feed)
                .then()
                .statusCode(200);
    }
}
