/** Shows what came of workloads: Markdown, one HTML file with plots, JSON. Measures nothing. */
package io.sluice.load.report;
