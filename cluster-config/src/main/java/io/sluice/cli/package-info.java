/**
 * The command line: {@code sluice server start}, the directory of a node's data, and what a person
 * reads while a node starts, runs and stops. Knows no SQL and no HTTP dialect.
 */
package io.sluice.cli;
