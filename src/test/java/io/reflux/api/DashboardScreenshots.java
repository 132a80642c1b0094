package io.reflux.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.reflux.cli.ServedDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the pictures of the dashboard in the documents, of {@code reflux serve --demo} as it is after some minutes. No
 * test of the build, it is asked for by name:
 *
 * <pre>./mvnw test -Dtest=DashboardScreenshots</pre>
 *
 * on the packaged application.
 */
final class DashboardScreenshots {
    private static final Path IMAGES = Path.of("docs", "images");
    private static final int LARGEST = 200_000;
    private static final int GENERATION = Integer.getInteger("generation", 5);
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @TempDir
    Path directory;

    @Test
    void takesThem() throws IOException {
        try (ServedDemo demo = new ServedDemo(directory);
                Browser browser = Browser.start()) {
            String address = demo.address();
            browser.size(1280, 1250);
            browser.open(address + "#demo");
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> given().get(address + "api/v1/feeds/demo").path("generation.generation")
                                    instanceof Integer generation
                            && generation >= GENERATION);
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> "distilling"
                                    .equals(given().get(address + "api/v1/feeds/demo")
                                            .path("current.stage"))
                            && given().get(address + "api/v1/feeds/demo").<Integer>path("current.done") > 60);
            take(browser, "dashboard.png", 1280, "light", null);
            take(browser, "dashboard-dark.png", 1280, "dark", null);
            take(browser, "dashboard-phone.png", 390, "dark", "set-title");
        }
    }

    /** From the top, or from this element on a phone, to the end of the distilled images. */
    private static void take(Browser browser, String name, int width, String scheme, @Nullable String from)
            throws IOException {
        browser.scheme(scheme);
        browser.size(width, 844);
        if (from == null) {
            browser.script("scrollTo(0, 0)");
            browser.size(
                    width,
                    20
                            + (int) browser.number(
                                    "return document.getElementById('pairs').getBoundingClientRect().bottom"));
        } else {
            browser.script(
                    "const at = document.getElementById(arguments[0]).getBoundingClientRect();"
                            + "scrollBy(0, at.top - 20)",
                    from);
        }
        Browser.patiently().until(() -> browser.loadedInView("img"));
        byte[] picture = browser.picture();
        assertThat(picture.length).as(name).isLessThan(LARGEST);
        Files.write(Files.createDirectories(IMAGES).resolve(name), picture);
    }
}
