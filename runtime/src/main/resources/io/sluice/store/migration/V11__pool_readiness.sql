-- What was last said of who serves a pool and its queues, so that each change of it is said once;
-- and when that may be over, for owners that are not in memory.
CREATE TABLE work_pool_readiness (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  wakes_at TIMESTAMP(6) WITH TIME ZONE,
  doc ${text} NOT NULL
);
CREATE INDEX work_pool_readiness_wakes ON work_pool_readiness (wakes_at);
