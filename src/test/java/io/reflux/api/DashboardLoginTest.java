package io.reflux.api;

import static io.reflux.api.Browser.patiently;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.WebDriverException;

/** The dashboard of somebody who logs in at the provider; skipped where there is no Chromium. */
@QuarkusTest
@TestProfile(LoginProfile.class)
final class DashboardLoginTest extends BrowserTest {
    @Test
    void whoOpensItLogsInAndComesBack() {
        browser.open(address + "#quiet");
        browser.id("operator").click();

        awaitPageOf("operator, operator");
        patiently().until(() -> browser.shows("upload"));
        assertThat(browser.script("return location.pathname + location.search"))
                .as("the code of the login is not kept in the history")
                .isEqualTo("/");
        assertThat(browser.script("return document.cookie"))
                .as("cookies that scripts can read")
                .isEqualTo("");
        browser.open(address + "#quiet");
        awaitPageOf("operator, operator");
    }

    @Test
    void whoseSessionHasEndedLogsInAgain() {
        browser.open(address + "#quiet");
        browser.id("short-reader").click();
        awaitPageOf("reader, reader");

        patiently().until(() -> browser.shows("ended"));
        browser.id("again").click();
        patiently().ignoreExceptionsInstanceOf(WebDriverException.class).untilAsserted(() -> browser.id("reader")
                .click());

        awaitPageOf("reader, reader");
    }

    @Test
    void whoHasNoRoleIsToldSo() {
        browser.open(address.toString());
        browser.id("stranger").click();

        patiently().untilAsserted(() -> assertThat(browser.all("body").get(0).getText())
                .contains("\"status\":403")
                .contains("reader"));
    }

    /** On the way there the page is another one. */
    private void awaitPageOf(String who) {
        patiently()
                .ignoreExceptionsInstanceOf(WebDriverException.class)
                .untilAsserted(() -> assertThat(browser.text("who")).isEqualTo(who));
    }
}
