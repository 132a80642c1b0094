package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Contrast of what the dashboard shows only at times; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class DashboardContrastTest extends BrowserTest {
    private static final String[] SCHEMES = {"light", "dark"};

    @Test
    void isEnoughWhileARoundRuns() throws IOException {
        feeds.produce("lit", 30);
        feeds.publish("lit");
        given().post("/api/v1/feeds/lit/rounds").then().statusCode(202);
        feeds.awaitGeneration("lit", 2);
        engine.endless = true;
        engine.iteration = 5;
        given().post("/api/v1/feeds/lit/rounds").then().statusCode(202);

        browser.open(address + "#lit");

        patiently().untilAsserted(() -> assertThat(browser.text("stage")).contains("5 of 10", "left in this stage"));
        assertThat(browser.all("#stages li.done")).hasSize(2);
        assertThat(browser.all("#stages li[aria-current]")).hasSize(1);
        patiently().until(() -> browser.id("generation").isEnabled());
        for (String scheme : SCHEMES) {
            browser.assertNoOffenders(scheme);
            for (String graphic : new String[] {"progress", "generation"}) {
                assertThat(browser.drawn(graphic))
                        .as("%s of %s", graphic, scheme)
                        .isGreaterThanOrEqualTo(3);
            }
        }
        engine.endless = false;
    }

    @Test
    void isEnoughForWhatBecameOfRounds() {
        feeds.produce("ended", 30);
        feeds.publish("ended");
        engine.accuracy = 0.4;
        end("ended", "refused");
        engine.failure = new IllegalStateException("a tensor of another shape");
        end("ended", "failed");
        engine.failure = null;
        engine.endless = true;
        given().post("/api/v1/feeds/ended/rounds").then().statusCode(202);
        patiently().untilAsserted(() -> assertThat(
                        (String) given().get("/api/v1/feeds/ended").path("current.stage"))
                .isEqualTo("distilling"));
        given().delete("/api/v1/feeds/ended/rounds/current");

        browser.open(address + "#ended");

        patiently().untilAsserted(() -> assertThat(browser.all("#rounds .outcome"))
                .extracting(node -> node.getText())
                .containsExactly("cancelled", "failed", "refused", "finished"));
        for (String scheme : SCHEMES) {
            assertThat(browser.assertNoOffenders(scheme)).isGreaterThan(80);
        }
    }

    @Test
    void isEnoughWhereTheColoursAreWashedOut() throws IOException {
        feeds.produce("washed", 30);
        feeds.publish("washed");
        try (Relay relay = new Relay(address.getPort())) {
            browser.open("http://127.0.0.1:" + relay.port() + "/#washed");
            patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .after img"))
                    .isEqualTo(2));

            relay.cut();

            patiently().until(() -> browser.shows("lost"));
            assertThat(browser.script("return getComputedStyle(document.getElementById('dashboard')).filter"))
                    .asString()
                    .startsWith("saturate(");
            for (String scheme : SCHEMES) {
                assertThat(browser.assertNoOffenders(scheme)).isGreaterThan(80);
            }
        }
    }

    @Test
    void saysWhyARoundWasRefused() {
        feeds.produce("refusing", 30);
        engine.accuracy = 0.4;
        end("refusing", "refused");
        String reason = given().get("/api/v1/feeds/refusing").path("last.reason");

        browser.open(address + "#refusing");

        patiently().untilAsserted(() -> assertThat(browser.text("stage"))
                .contains("No round is running. The last one refused", reason));
        patiently().untilAsserted(() -> assertThat(browser.text("rounds")).contains("refused", "40.0 ± 1.0 %", reason));
        assertThat(browser.text("no-set")).isNotEmpty();
        assertThat(browser.text("accuracy")).isEqualTo("–");
    }

    private static void end(String feed, String outcome) {
        given().post("/api/v1/feeds/" + feed + "/rounds").then().statusCode(202);
        patiently().untilAsserted(() -> assertThat(
                        (String) given().get("/api/v1/feeds/" + feed).path("last.outcome"))
                .isEqualTo(outcome));
    }
}
