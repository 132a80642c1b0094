package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard of a service that does not answer for feeds, or not yet; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class DashboardStartTest extends BrowserTest {
    private Relay relay;

    @BeforeEach
    void openTheWay() {
        relay = new Relay(address.getPort());
    }

    @AfterEach
    void closeTheWay() {
        relay.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "503 | Starting | the topics have not been read to their end yet; try again in a moment",
                "503 | Not here | this process does not answer for feeds: reflux.roles does not name api",
                "403 | Forbidden | this needs one of the roles reader and operator"
            })
    void saysWhyTheServiceDoesNotAnswerAndGoesOnByItself(int status, String title, String detail) {
        feeds.send(List.of(feeds.image("late", "class-0", 0, ApiFeeds.pixels(0))));
        relay.refuse(status, title, detail);
        open("#late");

        patiently().until(() -> browser.shows("refused"));
        assertThat(browser.text("refused")).contains(title, detail);
        assertThat(browser.text("connection")).isEqualTo("waiting");
        for (String other : new String[] {"lost", "loading", "dashboard"}) {
            assertThat(browser.shows(other)).as(other).isFalse();
        }
        browser.assertNoOffenders("light");
        browser.assertNoOffenders("dark");
        relay.allow();

        patiently().until(() -> browser.shows("dashboard"));
        assertThat(browser.shows("refused")).isFalse();
        patiently().untilAsserted(() -> assertThat(browser.text("connection")).isEqualTo("live"));
    }

    @Test
    void keepsWhatItShowsWhileAServiceStartsAnew() {
        feeds.produce("anew", 4);
        open("#anew");
        patiently().untilAsserted(() -> assertThat(browser.text("images")).isEqualTo("4"));

        relay.refuse(503, "Starting", "the topics have not been read to their end yet");
        relay.cut();
        relay.restore();

        patiently().untilAsserted(() -> assertThat(browser.text("lost"))
                .contains("the topics have not been read to their end yet", "What is shown is of"));
        assertThat(browser.text("images")).isEqualTo("4");
        assertThat(browser.id("start").isEnabled()).isFalse();
        relay.allow();
        patiently().untilAsserted(() -> assertThat(browser.text("connection")).isEqualTo("live"));
        assertThat(browser.shows("lost")).isFalse();
    }

    @Test
    void takesAnAddressThatCannotBeReadForNone() {
        feeds.produce("readable", 4);
        browser.complaints().forEach(earlier -> {});

        open("#%");

        patiently().until(() -> browser.shows("dashboard") || browser.shows("empty"));
        assertThat(browser.shows("loading")).isFalse();
        browser.script("location.hash = 'readable'");
        patiently().untilAsserted(() -> assertThat(browser.text("images")).isEqualTo("4"));
        browser.script("location.hash = '%E0'");
        assertThat(browser.text("images")).isEqualTo("4");
        assertThat(browser.complaints()).isEmpty();
    }

    private void open(String fragment) {
        browser.open("http://127.0.0.1:" + relay.port() + "/" + fragment);
    }
}
