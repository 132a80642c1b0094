/** Faults injected with real processes and a real broker; afterwards sets are compared, byte for byte. */
package io.reflux.faults;
