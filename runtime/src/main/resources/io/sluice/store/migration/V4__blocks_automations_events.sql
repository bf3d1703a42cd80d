-- What people keep beside their runs: searches, settings, blocks, automations; and what happened.

CREATE TABLE saved_search (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(512) NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX saved_search_name ON saved_search (name);

-- Settings that are made over the API, by name.
CREATE TABLE server_setting (
  setting VARCHAR(128) PRIMARY KEY,
  doc ${text} NOT NULL
);

CREATE TABLE block_type (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(512) NOT NULL,
  slug VARCHAR(512) NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX block_type_slug ON block_type (slug);

CREATE TABLE block_schema (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  block_type_id UUID NOT NULL,
  checksum VARCHAR(128) NOT NULL,
  version VARCHAR(512) NOT NULL,
  doc ${text} NOT NULL
);
CREATE UNIQUE INDEX block_schema_checksum ON block_schema (checksum, version);
CREATE INDEX block_schema_type ON block_schema (block_type_id);

CREATE TABLE block_capability (
  block_schema_id UUID NOT NULL,
  capability VARCHAR(512) NOT NULL,
  PRIMARY KEY (block_schema_id, capability)
);

-- What a block holds is in "secret", encrypted.
CREATE TABLE block_document (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(512) NOT NULL,
  block_type_id UUID NOT NULL,
  block_type_name VARCHAR(512) NOT NULL,
  block_schema_id UUID NOT NULL,
  is_anonymous BOOLEAN NOT NULL,
  secret ${bytes} NOT NULL
);
CREATE UNIQUE INDEX block_document_name ON block_document (block_type_id, name);
CREATE INDEX block_document_schema ON block_document (block_schema_id);

-- The field "name" of one block holds another block.
CREATE TABLE block_reference (
  parent_id UUID NOT NULL,
  name VARCHAR(512) NOT NULL,
  block_document_id UUID NOT NULL,
  PRIMARY KEY (parent_id, name)
);
CREATE INDEX block_reference_document ON block_reference (block_document_id);

CREATE TABLE automation (
  id UUID PRIMARY KEY,
  created TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  updated TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(1024) NOT NULL,
  doc ${text} NOT NULL
);
CREATE INDEX automation_name ON automation (name);

CREATE TABLE automation_resource (
  automation_id UUID NOT NULL,
  resource_id VARCHAR(1024) NOT NULL,
  is_owner BOOLEAN NOT NULL,
  PRIMARY KEY (automation_id, resource_id)
);
CREATE INDEX automation_resource_id ON automation_resource (resource_id);

-- "involved" lists the resource and the related ones as "|role id|role id|".
CREATE TABLE event (
  id UUID PRIMARY KEY,
  occurred TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  received TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  name VARCHAR(1024) NOT NULL,
  resource_id VARCHAR(2048) NOT NULL,
  involved ${text} NOT NULL,
  doc ${text} NOT NULL
);
CREATE INDEX event_occurred ON event (occurred, id);
CREATE INDEX event_received ON event (received);
