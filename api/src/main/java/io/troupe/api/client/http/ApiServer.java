package io.troupe.api.client.http;

import java.net.URI;

/**
 * Where the API is, and who vouches for it.
 *
 * @param base for example {@code https://10.0.0.1:6443}, without a slash at the end
 * @param caPem certificates of the authorities that are trusted, and no others
 */
public record ApiServer(URI base, String caPem) {}
