/**
 * What those who ask for slots may expect, judged by what they sent and what they were answered.
 * Depends on nothing but the JDK, so that it can judge a simulation as well as a log of HTTP calls.
 */
package io.sluice.history;
