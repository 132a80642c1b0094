package io.reflux.bench;

/**
 * The service at one moment of a soak.
 *
 * @param seconds since the beginning
 * @param megabytes resident, in MB of 2²⁰ bytes
 * @param threads of the process
 * @param lag images sent and not done
 */
record SoakSample(double seconds, double megabytes, double threads, double lag) {}
