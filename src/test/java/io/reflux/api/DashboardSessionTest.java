package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebDriverException;

/** The dashboard of somebody whose token expires; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(OidcProfile.class)
final class DashboardSessionTest extends BrowserTest {
    private static final String CALLS = "return performance.getEntriesByType('resource').length";

    @ConfigProperty(name = "quarkus.oidc.auth-server-url")
    String issuer;

    @Test
    void saysThatTheSessionHasEndedAndAsksNoMore() throws Exception {
        browser.authorize(TokenIssuer.authorization(issuer, Caller.READER, "seconds=10"));
        browser.open(address + "#quiet");
        patiently().until(() -> browser.shows("empty"));

        patiently().until(() -> browser.shows("ended"));

        assertThat(browser.shows("empty")).isFalse();
        assertThat(browser.shows("lost")).isFalse();
        assertThat(browser.shows("feed")).isFalse();
        assertThat(browser.shows("who")).isFalse();
        assertThat(browser.text("connection")).isEqualTo("session ended");
        browser.assertNoOffenders("light");
        browser.assertNoOffenders("dark");
        long calls = browser.number(CALLS);
        await("it would try again within two seconds")
                .during(Duration.ofSeconds(4))
                .atMost(Duration.ofSeconds(10))
                .until(() -> browser.number(CALLS) == calls && browser.shows("ended"));

        browser.authorize(TokenIssuer.authorization(issuer, Caller.READER, "seconds=500"));
        browser.id("again").click();
        patiently()
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .untilAsserted(() -> assertThat(browser.text("who")).isEqualTo("reader, reader"));
        patiently().until(() -> browser.shows("empty"));
    }

    @Test
    void goesOnWhereThereIsANewToken() throws Exception {
        browser.authorize(TokenIssuer.authorization(issuer, Caller.READER, "seconds=10"));
        browser.open(address + "#quiet");
        patiently().until(() -> browser.shows("empty"));
        browser.script("new MutationObserver(() => document.body.dataset.seen = (document.body.dataset.seen || '')"
                + " + ' ' + document.body.dataset.connection)"
                + ".observe(document.body, {attributeFilter: ['data-connection']})");

        browser.authorize(TokenIssuer.authorization(issuer, Caller.OPERATOR, "seconds=500"));

        patiently().untilAsserted(() -> assertThat(browser.text("who")).isEqualTo("operator, operator"));
        assertThat(browser.script("return document.body.dataset.seen")).isEqualTo(" connecting live");
        assertThat(browser.shows("empty")).isTrue();
    }
}
