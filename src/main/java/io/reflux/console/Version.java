package io.reflux.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version as the build wrote it into the application. */
public final class Version implements IVersionProvider {
    private static final String POM = "/META-INF/maven/io.reflux/reflux/pom.properties";

    @Override
    public String[] getVersion() {
        return new String[] {"reflux " + number(), "Java " + Runtime.version()};
    }

    static String number() {
        String packaged = Version.class.getPackage().getImplementationVersion();
        return packaged != null ? packaged : fromBuild();
    }

    private static String fromBuild() {
        try (InputStream stream = Version.class.getResourceAsStream(POM)) {
            if (stream == null) {
                return "(not packaged)";
            }
            Properties properties = new Properties();
            properties.load(stream);
            return properties.getProperty("version", "(unknown)");
        } catch (IOException e) {
            return "(unknown)";
        }
    }
}
