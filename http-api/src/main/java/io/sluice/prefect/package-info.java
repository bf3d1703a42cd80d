/**
 * Prefect 3's REST dialect: one {@code *Routes} per resource, one {@code *Json} per wire shape.
 * Each rule copied from Prefect 3.8.8 names its source.
 */
package io.sluice.prefect;
