-- An embedded database is used by one node, so that there is one owner: nothing is to be refused.
COMMENT ON TABLE "event_journal" IS 'Written by one node only';
