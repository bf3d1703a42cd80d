-- Old rows of the journal are deleted after snapshots. An owner that lags behind by more than are
-- kept, because its node stood still, would find its next number free: it is refused all the same.
CREATE FUNCTION "refuse_late_event"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM "event_journal"
    WHERE "persistence_id" = NEW."persistence_id" AND "sequence_number" >= NEW."sequence_number"
  ) THEN
    RAISE unique_violation USING MESSAGE = format(
      'event %s of %s comes too late: another owner has written later ones',
      NEW."sequence_number", NEW."persistence_id");
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER "event_journal_fence" BEFORE INSERT ON "event_journal"
FOR EACH ROW EXECUTE FUNCTION "refuse_late_event"();
