-- Listings look for ids first and then read the rows of one page. An index that ends in the id
-- answers the first part alone, without a look at rows that are not on the page.
DROP INDEX flow_run_state;
CREATE INDEX flow_run_state ON flow_run (state_type, start_or_expected, id);
CREATE INDEX flow_run_state_expected ON flow_run (state_type, expected_start_time, id);
DROP INDEX flow_run_start_or_expected;
CREATE INDEX flow_run_start_or_expected ON flow_run (start_or_expected, id);
DROP INDEX flow_run_deployment_start;
CREATE INDEX flow_run_deployment_start ON flow_run (deployment_id, start_or_expected, id);
-- Besides, all that a history counts and adds up.
DROP INDEX flow_run_expected;
CREATE INDEX flow_run_expected ON flow_run (
  expected_start_time, id, state_type, state_name, start_time, state_timestamp, total_run_seconds);

DROP INDEX task_run_state;
CREATE INDEX task_run_state ON task_run (state_type, start_or_expected, id);
CREATE INDEX task_run_state_expected ON task_run (state_type, expected_start_time, id);
DROP INDEX task_run_start_or_expected;
CREATE INDEX task_run_start_or_expected ON task_run (start_or_expected, id);
DROP INDEX task_run_expected;
CREATE INDEX task_run_expected ON task_run (
  expected_start_time, id, state_type, state_name, start_time, state_timestamp, total_run_seconds);
