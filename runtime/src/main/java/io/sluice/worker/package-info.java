/** Workers: who they are and when they were last heard. Owned by their work pool. */
package io.sluice.worker;
