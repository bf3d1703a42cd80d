-- PostgreSQL has a log of its own; the version is the same in both kinds of store.
SELECT 1;
