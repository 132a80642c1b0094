package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The figures of the dashboard beside those of the API; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class DashboardFiguresTest extends BrowserTest {
    @Test
    void tellsTheTimeLeftOfAStageByItsPace() {
        feeds.produce("paced", 30);
        engine.endless = true;
        open("paced");
        given().post("/api/v1/feeds/paced/rounds").then().statusCode(202);
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/paced")
                .then()
                .body("current.stage", equalTo("distilling"))
                .body("current.done", equalTo(1))
                .body("current", not(hasKey("seconds-left"))));
        Instant began = Instant.parse(given().get("/api/v1/feeds/paced").path("current.time"));
        patiently().untilAsserted(() -> assertThat(browser.text("stage"))
                .contains("distilling", "1 of 10")
                .doesNotContain("left"));

        engine.iteration = 4;

        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> given().get("/api/v1/feeds/paced")
                .then()
                .body("current.done", equalTo(4))
                .body("current.seconds-left", greaterThan(0f)));
        JsonPath report = given().get("/api/v1/feeds/paced").jsonPath();
        double three = Duration.between(began, Instant.parse(report.getString("current.time")))
                        .toMillis()
                / 1e3;
        assertThat(report.getDouble("current.seconds-left")).isCloseTo(6 * three / 3, within(0.01));
        patiently().untilAsserted(() -> assertThat(browser.text("stage"))
                .containsPattern("4 of 10 · loss 0\\.9000 · about \\d+ s left in this stage"));
        assertThat(browser.script("return document.getElementById('progress').value"))
                .isEqualTo(0.4);
        engine.endless = false;
        patiently().untilAsserted(() -> assertThat(browser.text("stage")).contains("The last one finished"));
    }

    @Test
    void tellsHowManyImagesASecondComeAndAreRejected() {
        feeds.produce("rushing", 4);
        open("rushing");
        patiently().untilAsserted(() -> assertThat(browser.text("rate")).isEqualTo("0 a second"));
        List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
        for (int i = 4; i < 104; i++) {
            records.add(feeds.image("rushing", "class-0", i, ApiFeeds.pixels(i)));
            if (i % 2 == 0) {
                records.add(feeds.image("rushing", "class-0", 1000 + i, new byte[5]));
            }
        }

        feeds.send(records);

        patiently().untilAsserted(() -> {
            List<?> rates = (List<?>) browser.script("return ['rate', 'reject-rate', 'rate-in', 'rate-rejected']"
                    + ".map(id => parseFloat(document.getElementById(id).textContent))");
            assertThat(rates).allSatisfy(rate -> assertThat(((Number) rate).doubleValue())
                    .isPositive());
            assertThat(rates.subList(0, 2)).isEqualTo(rates.subList(2, 4));
            assertThat(((Number) rates.get(0)).doubleValue()).isGreaterThan(((Number) rates.get(1)).doubleValue());
        });
        assertThat(browser.script("return document.querySelector('#rates svg').getAttribute('aria-label')"))
                .asString()
                .containsPattern("now [1-9][0-9.]* in, [1-9][0-9.]* rejected");
        patiently().untilAsserted(() -> assertThat(browser.text("rejected")).isEqualTo("50"));
        assertThat(browser.text("reasons")).endsWith(" 50");
        assertThat(browser.text("images")).isEqualTo("104");
    }

    @Test
    void drawsBarsAsLongAsTheirFiguresAre() {
        List<ProducerRecord<String, byte[]>> images = new ArrayList<>();
        for (int i = 0; i < 800; i++) {
            images.add(
                    feeds.image("barred", i % 8 == 0 ? "rare" : i % 2 == 0 ? "half" : "whole", i, ApiFeeds.pixels(i)));
        }
        feeds.send(images);
        await().atMost(ApiFeeds.BOUND)
                .untilAsserted(() -> given().get("/api/v1/feeds/barred").then().body("in.images", equalTo(800)));
        feeds.publish("barred");
        open("barred");
        patiently().untilAsserted(() -> assertThat(browser.all("#sample .row")).hasSize(3));
        JsonPath report = given().get("/api/v1/feeds/barred").jsonPath();
        double most = report.getInt("sample.whole");

        for (String label : List.of("rare", "half", "whole")) {
            assertThat(share("#sample [data-label=" + label + "] .bar"))
                    .as(label)
                    .isCloseTo(report.getInt("sample." + label) / most, within(0.01));
        }
        double in = report.getDouble("in.bytes");
        double out = report.getDouble("generation.out.bytes");
        assertThat(out).isPositive().isLessThan(in / 2);
        assertThat(browser.text("ratio")).isEqualTo(Math.round(in / out) + " : 1");
        assertThat(share("#bar-in")).isEqualTo(1);
        assertThat(share("#bar-out")).isCloseTo(out / in, within(0.01));
    }

    /** The width of what is drawn, of that of its place. */
    private double share(String selector) {
        patiently().until(() -> browser.number("return document.getAnimations().length") == 0);
        return ((Number) browser.script(
                        "const bar = document.querySelector(arguments[0]);return bar.getBoundingClientRect().width /"
                                + " bar.parentElement.getBoundingClientRect().width",
                        selector))
                .doubleValue();
    }

    private void open(String feed) {
        browser.open(address + "#" + feed);
    }
}
