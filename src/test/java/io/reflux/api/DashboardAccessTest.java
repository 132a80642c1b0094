package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.specification.RequestSpecification;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The dashboard as those see it who may do only some of what there is; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(BasicProfile.class)
final class DashboardAccessTest extends BrowserTest {
    @Test
    void aReaderSeesImagesAndNothingThatActs() {
        publish("mine");

        open("mine", Caller.OWN_READER);

        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .after img"))
                .isEqualTo(2));
        patiently()
                .untilAsserted(() -> assertThat(browser.loaded("#sample img")).isPositive());
        patiently().untilAsserted(() -> assertThat(browser.text("who")).isEqualTo("own_reader, reader"));
        assertThat(shownButtons()).containsExactly("Copy");
        assertThat(browser.shows("metrics")).as("they are of all feeds").isFalse();
        assertThat(browser.all("#feed option")).extracting(WebElement::getText).containsExactly("mine");
    }

    @Test
    void anOperatorSeesTheButtonsAndTheyWork() {
        publish("mine");
        engine.endless = true;

        open("mine", Caller.OWN_OPERATOR);

        patiently().untilAsserted(() -> assertThat(browser.text("who")).isEqualTo("own_operator, operator"));
        patiently().until(() -> browser.shows("start") && browser.id("start").isEnabled());
        assertThat(shownButtons()).containsExactly("Start a round", "Cancel the round", "Copy");
        browser.focus("start").sendKeys(Keys.ENTER);
        patiently().untilAsserted(() -> assertThat(browser.text("stage")).contains("distilling"));
        browser.focus("cancel").sendKeys(Keys.ENTER);
        patiently().untilAsserted(() -> assertThat(browser.text("stage")).contains("The last one cancelled"));
    }

    @Test
    void whatIsOfferedIsThatOfTheFeedThatIsShown() {
        publish("mine");
        publish("other");
        open("mine", Caller.GUEST);
        patiently().until(() -> browser.shows("start"));
        assertThat(browser.text("who")).isEqualTo("guest, operator");

        browser.script("location.hash = 'other'");

        patiently().untilAsserted(() -> assertThat(browser.text("who")).isEqualTo("guest, reader"));
        patiently().untilAsserted(() -> assertThat(browser.loaded("#pairs .after img"))
                .isEqualTo(2));
        assertThat(shownButtons()).containsExactly("Copy");
        browser.script("location.hash = 'mine'");
        patiently().until(() -> browser.shows("start"));
    }

    @Test
    void saysThatAFeedIsNotTheirsAndShowsOneThatIs() {
        publish("mine");
        publish("other");

        open("other", Caller.OWN_READER);

        patiently().until(() -> browser.shows("refused"));
        assertThat(browser.text("refused")).contains("Forbidden", "reader:other");
        assertThat(browser.shows("loading")).isFalse();
        browser.script("location.hash = 'mine'");
        patiently().until(() -> browser.shows("dashboard"));
        assertThat(browser.shows("refused")).isFalse();
    }

    @Test
    void aReaderIsNotToldHowToUpload() {
        open("quiet", Caller.READER);

        patiently().until(() -> browser.shows("empty"));
        patiently().untilAsserted(() -> assertThat(browser.text("who")).isEqualTo("reader, reader"));
        assertThat(browser.shows("upload")).isFalse();
        open("quiet", Caller.OPERATOR);
        patiently().until(() -> browser.shows("upload"));
        assertThat(browser.shows("metrics")).isTrue();
    }

    private void open(String feed, Caller caller) {
        browser.authorize(BasicProfile.authorization(caller));
        browser.open(address + "#" + feed);
    }

    private List<String> shownButtons() {
        List<String> shown = new ArrayList<>();
        for (WebElement button : browser.all("button")) {
            if (button.isDisplayed()) {
                shown.add(button.getText());
            }
        }
        return shown;
    }

    /** A feed with images and a generation, whatever other tests have left of it. */
    private void publish(String feed) {
        feeds.send(IntStream.range(0, 30)
                .mapToObj(i -> feeds.image(feed, "class-" + i % 2, i, ApiFeeds.pixels(i)))
                .toList());
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> operator()
                .get("/api/v1/feeds/" + feed)
                .then()
                .statusCode(200)
                .body("sample.size()", equalTo(2))
                .body("in.images", greaterThanOrEqualTo(30)));
        operator().post("/api/v1/feeds/" + feed + "/rounds").then().statusCode(202);
        await().atMost(ApiFeeds.BOUND).untilAsserted(() -> operator()
                .get("/api/v1/feeds/" + feed)
                .then()
                .body("current", equalTo(null))
                .body("generation", notNullValue()));
    }

    private static RequestSpecification operator() {
        return given().header("Authorization", BasicProfile.authorization(Caller.OPERATOR));
    }
}
