/**
 * Deployments: what runs of a flow are started with, where they wait, how many may run at once, and
 * when they are scheduled. Knows pools and limits by what it asks of them.
 */
package io.sluice.deployment;
