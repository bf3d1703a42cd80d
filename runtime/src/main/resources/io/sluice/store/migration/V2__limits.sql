-- Which limits there are. Their settings and slots are facts of the owner's journal.
CREATE TABLE concurrency_limit (
  id UUID PRIMARY KEY,
  name VARCHAR(512) NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE UNIQUE INDEX concurrency_limit_name ON concurrency_limit (name);
