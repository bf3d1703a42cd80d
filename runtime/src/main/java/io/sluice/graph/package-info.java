/** What a flow run consists of: its task runs and the flow runs they started, and who fed whom. */
package io.sluice.graph;
