-- Prefect sorts and filters runs by their start, or while there is none by when it is expected. An
-- expression of two columns has no index in H2, so the answer is a column of its own.
ALTER TABLE flow_run ADD COLUMN start_or_expected TIMESTAMP(6) WITH TIME ZONE;
UPDATE flow_run SET start_or_expected = COALESCE(start_time, expected_start_time);
DROP INDEX flow_run_start;
CREATE INDEX flow_run_start_or_expected ON flow_run (start_or_expected);
-- The pages of the runs of one state, or of one deployment, newest first.
DROP INDEX flow_run_state;
CREATE INDEX flow_run_state ON flow_run (state_type, start_or_expected);
CREATE INDEX flow_run_deployment_start ON flow_run (deployment_id, start_or_expected);

ALTER TABLE task_run ADD COLUMN start_or_expected TIMESTAMP(6) WITH TIME ZONE;
UPDATE task_run SET start_or_expected = COALESCE(start_time, expected_start_time);
CREATE INDEX task_run_start_or_expected ON task_run (start_or_expected);
