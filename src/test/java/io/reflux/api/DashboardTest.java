package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;

/** The dashboard in headless Chromium; skipped where there is none with its driver. */
@QuarkusTest
@TestProfile(ApiProfile.class)
final class DashboardTest extends ApiTest {
    private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
    private static final List<String> DRIVERS =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");

    private static ChromeDriver browser;

    @TestHTTPResource("/")
    URI address;

    @BeforeAll
    static void openTheBrowser() {
        Optional<Path> chromium = present(BROWSERS);
        Optional<Path> driver = present(DRIVERS);
        assumeThat(chromium.isPresent() && driver.isPresent())
                .as("Chromium and its driver are at none of %s and %s", BROWSERS, DRIVERS)
                .isTrue();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toString());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1280,1000");
        File executable = driver.orElseThrow().toFile();
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(executable)
                        .build(),
                options);
    }

    @AfterAll
    static void closeTheBrowser() {
        if (browser != null) {
            browser.quit();
        }
    }

    @Test
    void showsAFeedItsSampleAndItsSets() {
        feeds.produce("shown", 30);
        feeds.publish("shown");

        open("shown");

        patiently().untilAsserted(() -> assertThat(text("images")).isEqualTo("30"));
        patiently().untilAsserted(() -> assertThat(text("accuracy")).isEqualTo("80.0 ± 1.0 %"));
        patiently().untilAsserted(() -> assertThat(loaded("#after img")).isEqualTo(2));
        patiently().untilAsserted(() -> assertThat(loaded("#sample img")).isEqualTo(16));
        assertThat(text("sample")).contains("class-0 (15)", "class-1 (15)");
        assertThat(text("snippet")).contains("/api/v1/feeds/shown/generations/1/set?format=npz");
        assertThat(text("rounds")).contains("finished");
        assertThat(browser.findElements(By.cssSelector("#quality polyline"))).hasSize(3);
        assertThat(text("connection")).isEqualTo("live");
        assertThat(complaints()).isEmpty();
    }

    @Test
    void startsAndCancelsARoundByKeyboardAndShowsItLive() {
        feeds.produce("driven", 30);
        engine.endless = true;
        open("driven");
        patiently().untilAsserted(() -> assertThat(id("start").isEnabled()).isTrue());

        focus("start").sendKeys(Keys.ENTER);
        patiently().untilAsserted(() -> assertThat(text("stage")).contains("distilling", "1 of 10", "loss 0.9000"));
        assertThat(id("start").isEnabled()).isFalse();
        focus("cancel").sendKeys(Keys.SPACE);

        patiently().untilAsserted(() -> assertThat(text("stage")).contains("The last one cancelled"));
        patiently().untilAsserted(() -> assertThat(text("rounds")).contains("cancelled"));
    }

    @Test
    void goesThroughGenerationsWithTheOneBeforeBesideIt() {
        feeds.produce("grown", 30);
        feeds.publish("grown");
        open("grown");
        patiently().untilAsserted(() -> assertThat(text("shown")).startsWith("1 "));
        assertThat(text("before-caption")).contains("no kept generation before");

        io.restassured.RestAssured.given().post("/api/v1/feeds/grown/rounds");

        patiently().untilAsserted(() -> assertThat(text("shown")).startsWith("2 "));
        patiently().untilAsserted(() -> assertThat(text("before-caption")).startsWith("Generation 1"));
        focus("generation").sendKeys(Keys.ARROW_LEFT);
        patiently().untilAsserted(() -> assertThat(text("after-caption")).isEqualTo("Generation 1"));
    }

    @Test
    void saysHowToBeginWhenAFeedHasNoImages() {
        open("quiet");

        patiently().untilAsserted(() -> assertThat(id("empty").isDisplayed()).isTrue());
        assertThat(text("first-image")).contains("--feed quiet", "curl -H 'Content-Type: image/png'");
        assertThat(id("dashboard").isDisplayed()).isFalse();
    }

    @Test
    void swaggerUiWorksUnderItsPolicy() {
        browser.manage().logs().get("browser");

        browser.get(address + "q/swagger-ui/");

        patiently().untilAsserted(() -> assertThat(browser.findElements(By.cssSelector(".opblock")))
                .hasSizeGreaterThan(20));
        assertThat(complaints()).isEmpty();
    }

    @Test
    void fitsAPhone() {
        feeds.produce("small", 30);
        feeds.publish("small");
        browser.manage().window().setSize(new Dimension(500, 900));
        try {
            open("small");
            patiently().untilAsserted(() -> assertThat(loaded("#after img")).isEqualTo(2));

            assertThat(number("return document.documentElement.scrollWidth"))
                    .isLessThanOrEqualTo(number("return document.documentElement.clientWidth"));
        } finally {
            browser.manage().window().setSize(new Dimension(1280, 1000));
        }
    }

    private void open(String feed) {
        browser.get("about:blank");
        browser.get(address + "#" + feed);
    }

    /** A page that is being redrawn is looked at again. */
    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30)).ignoreException(StaleElementReferenceException.class);
    }

    private static WebElement id(String id) {
        return browser.findElement(By.id(id));
    }

    private static String text(String id) {
        return id(id).getText();
    }

    private static WebElement focus(String id) {
        WebElement element = id(id);
        ((JavascriptExecutor) browser).executeScript("arguments[0].focus()", element);
        return element;
    }

    /** Images that have arrived; those off screen load late, so they are brought into view first. */
    private static long loaded(String selector) {
        return number("const all = [...document.querySelectorAll('" + selector + "')];"
                + "all.forEach(image => image.scrollIntoView());"
                + "return all.filter(image => image.complete && image.naturalWidth > 0).length");
    }

    private static long number(String script) {
        Object value = ((JavascriptExecutor) browser).executeScript(script);
        return value instanceof Number found ? found.longValue() : -1;
    }

    private static Stream<LogEntry> complaints() {
        return browser.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue());
    }

    private static Optional<Path> present(List<String> places) {
        return places.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }
}
