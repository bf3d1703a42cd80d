-- When a run has something to do by itself; null for never.
ALTER TABLE flow_run ADD COLUMN wakes_at TIMESTAMP(6) WITH TIME ZONE;
CREATE INDEX flow_run_wakes ON flow_run (wakes_at);
-- What is there from before is looked at once.
UPDATE flow_run SET wakes_at = updated
  WHERE state_type IN ('SCHEDULED', 'PENDING', 'PAUSED', 'CANCELLING');
