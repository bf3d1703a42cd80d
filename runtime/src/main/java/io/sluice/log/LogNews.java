package io.sluice.log;

import io.sluice.cluster.Newscast;
import java.util.List;

/** Lines that another node stored. */
public record LogNews(long from, List<Logs.Entry> items) implements Newscast.News<Logs.Entry> {}
