-- Everything that is listed. Columns are what is filtered or sorted by; "doc" is the whole object.
-- No foreign keys: an owner writes its own rows only.

CREATE TABLE tag (
  entity_id UUID NOT NULL,
  tag VARCHAR(512) NOT NULL,
  PRIMARY KEY (entity_id, tag)
);
CREATE INDEX tag_tag ON tag (tag, entity_id);

CREATE TABLE flow (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(512) NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX flow_name ON flow (name);

CREATE TABLE flow_run (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(1024) NOT NULL,
  flow_id UUID NOT NULL,
  deployment_id UUID,
  work_queue_id UUID,
  work_queue_name VARCHAR(512),
  flow_version VARCHAR(1024),
  parent_task_run_id UUID,
  idempotency_key VARCHAR(1024),
  auto_scheduled BOOLEAN NOT NULL,
  created_by_id UUID,
  created_by_type VARCHAR(64),
  state_id UUID,
  state_type VARCHAR(16),
  state_name VARCHAR(512),
  state_timestamp TIMESTAMP(6) WITH TIME ZONE,
  run_count INTEGER NOT NULL,
  expected_start_time TIMESTAMP(6) WITH TIME ZONE,
  next_scheduled_start_time TIMESTAMP(6) WITH TIME ZONE,
  start_time TIMESTAMP(6) WITH TIME ZONE,
  end_time TIMESTAMP(6) WITH TIME ZONE,
  total_run_seconds DOUBLE PRECISION NOT NULL,
  doc ${text} NOT NULL,
  payload ${text} NOT NULL
);
CREATE UNIQUE INDEX flow_run_idempotency ON flow_run (flow_id, idempotency_key);
CREATE INDEX flow_run_deployment ON flow_run (deployment_id, state_type, next_scheduled_start_time);
CREATE INDEX flow_run_queue ON flow_run (work_queue_id, state_type, next_scheduled_start_time);
CREATE INDEX flow_run_parent ON flow_run (parent_task_run_id);
CREATE INDEX flow_run_state ON flow_run (state_type, state_name, state_timestamp);
CREATE INDEX flow_run_expected ON flow_run (expected_start_time);
CREATE INDEX flow_run_start ON flow_run (start_time);
CREATE INDEX flow_run_end ON flow_run (end_time);
CREATE INDEX flow_run_name ON flow_run (name);

CREATE TABLE flow_run_history (
  id UUID PRIMARY KEY,
  run_id UUID NOT NULL,
  entered TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  doc ${text} NOT NULL
);
CREATE INDEX flow_run_history_run ON flow_run_history (run_id, entered);

CREATE TABLE task_run (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(1024) NOT NULL,
  flow_run_id UUID,
  task_key VARCHAR(1024) NOT NULL,
  dynamic_key VARCHAR(1024) NOT NULL,
  state_id UUID,
  state_type VARCHAR(16),
  state_name VARCHAR(512),
  state_timestamp TIMESTAMP(6) WITH TIME ZONE,
  run_count INTEGER NOT NULL,
  expected_start_time TIMESTAMP(6) WITH TIME ZONE,
  next_scheduled_start_time TIMESTAMP(6) WITH TIME ZONE,
  start_time TIMESTAMP(6) WITH TIME ZONE,
  end_time TIMESTAMP(6) WITH TIME ZONE,
  total_run_seconds DOUBLE PRECISION NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX task_run_identity ON task_run (flow_run_id, task_key, dynamic_key);
CREATE INDEX task_run_expected ON task_run (expected_start_time);
CREATE INDEX task_run_state ON task_run (state_type, state_name);
CREATE INDEX task_run_end ON task_run (end_time);

CREATE TABLE task_run_history (
  id UUID PRIMARY KEY,
  run_id UUID NOT NULL,
  entered TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  doc ${text} NOT NULL
);
CREATE INDEX task_run_history_run ON task_run_history (run_id, entered);

-- Completed states by the SHA-256 of their cache key.
CREATE TABLE task_run_cache (
  key_hash VARCHAR(64) NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires TIMESTAMP(6) WITH TIME ZONE,
  doc ${text} NOT NULL,
  PRIMARY KEY (key_hash, created)
);

CREATE TABLE deployment (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(512) NOT NULL,
  flow_id UUID NOT NULL,
  paused BOOLEAN NOT NULL,
  work_queue_id UUID,
  work_queue_name VARCHAR(512),
  limit_id UUID,
  has_schedules BOOLEAN NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX deployment_name ON deployment (flow_id, name);
CREATE INDEX deployment_queue ON deployment (work_queue_id);

CREATE TABLE work_pool (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(512) NOT NULL,
  type VARCHAR(512) NOT NULL,
  concurrency_limit INTEGER,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX work_pool_name ON work_pool (name);

CREATE TABLE work_queue (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  work_pool_id UUID NOT NULL,
  name VARCHAR(512) NOT NULL,
  priority INTEGER NOT NULL,
  concurrency_limit INTEGER,
  last_polled TIMESTAMP(6) WITH TIME ZONE,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX work_queue_name ON work_queue (work_pool_id, name);

CREATE TABLE worker (
  id UUID PRIMARY KEY,
  version BIGINT NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  work_pool_id UUID NOT NULL,
  name VARCHAR(512) NOT NULL,
  last_heartbeat_time TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  heartbeat_interval_seconds INTEGER
);
CREATE UNIQUE INDEX worker_name ON worker (work_pool_id, name);

CREATE TABLE log (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(1024) NOT NULL,
  level INTEGER NOT NULL,
  message ${text} NOT NULL,
  logged TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  flow_run_id UUID,
  task_run_id UUID
);
CREATE INDEX log_flow_run ON log (flow_run_id, logged);
CREATE INDEX log_task_run ON log (task_run_id, logged);

CREATE TABLE variable (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(255) NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX variable_name ON variable (name);

CREATE TABLE artifact (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  artifact_key VARCHAR(512),
  type VARCHAR(512),
  flow_run_id UUID,
  task_run_id UUID,
  doc ${text} NOT NULL
);
CREATE INDEX artifact_artifact_key ON artifact (artifact_key, created);
CREATE INDEX artifact_flow_run ON artifact (flow_run_id);

-- The newest artifact of each key.
CREATE VIEW latest_artifact AS
  SELECT * FROM artifact
  WHERE artifact_key IS NOT NULL
    AND NOT EXISTS (
      SELECT 1 FROM artifact later
      WHERE later.artifact_key = artifact.artifact_key
        AND (later.created > artifact.created
          OR later.created = artifact.created AND later.id > artifact.id));

CREATE TABLE flow_run_input (
  flow_run_id UUID NOT NULL,
  input_key VARCHAR(512) NOT NULL,
  id UUID NOT NULL,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  content ${text} NOT NULL,
  sender VARCHAR(512),
  PRIMARY KEY (flow_run_id, input_key)
);
