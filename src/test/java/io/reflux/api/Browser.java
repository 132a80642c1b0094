package io.reflux.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.awaitility.core.ConditionFactory;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;

/** Headless Chromium with one page. */
final class Browser implements AutoCloseable {
    private static final List<String> BROWSERS = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
    private static final List<String> DRIVERS =
            List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
    private static final int NARROW = 600;

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it; where it is not installed, the test is skipped. */
    static Browser start() {
        Optional<Path> chromium = present(BROWSERS);
        Optional<Path> executable = present(DRIVERS);
        assumeThat(chromium.isPresent() && executable.isPresent())
                .as("Chromium and its driver are at none of %s and %s", BROWSERS, DRIVERS)
                .isTrue();
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toString());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
        File driver = executable.orElseThrow().toFile();
        Browser browser = new Browser(new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options));
        browser.size(1280, 1000);
        return browser;
    }

    /** CSS pixels; a narrow one is a phone. */
    void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < NARROW));
    }

    /** {@code light} or {@code dark}. */
    void scheme(String name) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", name))));
    }

    /** Says with every request who it comes from, as a proxy that logs users in would; on a page without frames and workers. */
    void authorize(String authorization) {
        driver.executeCdpCommand("Network.enable", Map.of());
        driver.executeCdpCommand(
                "Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Authorization", authorization)));
    }

    void allowClipboard() {
        driver.executeCdpCommand(
                "Browser.grantPermissions",
                Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    }

    void open(String address) {
        driver.get("about:blank");
        driver.get(address);
    }

    WebElement id(String id) {
        return driver.findElement(By.id(id));
    }

    String text(String id) {
        return id(id).getText();
    }

    boolean shows(String id) {
        return id(id).isDisplayed();
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    WebElement focus(String id) {
        WebElement element = id(id);
        script("arguments[0].focus()", element);
        return element;
    }

    /** Presses a key where the focus is. */
    void press(Keys key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    Object script(String script, Object... arguments) {
        return driver.executeScript(script, arguments);
    }

    long number(String script) {
        return script(script) instanceof Number found ? found.longValue() : -1;
    }

    /** Images that have arrived; those off screen load late, so they are brought into view first. */
    long loaded(String selector) {
        return number("const all = [...document.querySelectorAll('" + selector + "')];"
                + "all.forEach(image => image.scrollIntoView());"
                + "return all.filter(image => image.complete && image.naturalWidth > 0).length");
    }

    /** Whether all images in the window have arrived. */
    boolean loadedInView(String selector) {
        return number("return [...document.querySelectorAll('" + selector + "')].filter(image => {const place ="
                        + " image.getBoundingClientRect();return"
                        + " place.bottom > 0 && place.top <"
                        + " innerHeight && !(image.complete &&"
                        + " image.naturalWidth > 0);}).length")
                == 0;
    }

    /**
     * Fails when something that is seen has too little contrast.
     *
     * @param scheme light or dark
     * @return how many things were measured
     */
    long assertNoOffenders(String scheme) {
        scheme(scheme);
        Map<?, ?> found = contrast();
        assertThat(found.get("offenders")).as(scheme).isEqualTo(List.of());
        return ((Number) Objects.requireNonNull(found.get("measured"))).longValue();
    }

    /** How many things were measured, and the offenders. */
    Map<?, ?> contrast() {
        return (Map<?, ?>) script(resource("dashboard/contrast.js"));
    }

    /** The greatest contrast of an element's drawn pixels, along its middle, to those at its right end. */
    double drawn(String id) throws IOException {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(id(id).getScreenshotAs(OutputType.BYTES)));
        int middle = picture.getHeight() / 2;
        double end = luminance(picture.getRGB(picture.getWidth() - 3, middle));
        return IntStream.range(0, picture.getWidth())
                .mapToDouble(x -> luminance(picture.getRGB(x, middle)))
                .map(here -> (Math.max(here, end) + 0.05) / (Math.min(here, end) + 0.05))
                .max()
                .orElseThrow();
    }

    /** Relative luminance as WCAG 2.2 defines it, 0 to 1. */
    private static double luminance(int rgb) {
        Color colour = new Color(rgb);
        return 0.2126 * linear(colour.getRed())
                + 0.7152 * linear(colour.getGreen())
                + 0.0722 * linear(colour.getBlue());
    }

    private static double linear(int value) {
        double share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    }

    static String resource(String name) {
        try (InputStream stream = Browser.class.getClassLoader().getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the page complained of on its console since the last call. */
    Stream<LogEntry> complaints() {
        return driver.manage().logs().get("browser").getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue());
    }

    /** What is in the window, as PNG. */
    byte[] picture() {
        return driver.getScreenshotAs(OutputType.BYTES);
    }

    /** A page that is being redrawn is looked at again. */
    static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .ignoreException(StaleElementReferenceException.class);
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static Optional<Path> present(List<String> places) {
        return places.stream().map(Path::of).filter(Files::isExecutable).findFirst();
    }
}
