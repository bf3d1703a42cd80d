-- The number of the last transaction of each writer that is in these tables; see RedoLog. Changed
-- by each of them.
CREATE TABLE redo_mark (
  writer VARCHAR(64) PRIMARY KEY,
  number BIGINT NOT NULL
);
