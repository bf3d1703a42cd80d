/** The command line: {@code sluice server start} and what a person reads while it runs. */
package io.sluice.cli;
