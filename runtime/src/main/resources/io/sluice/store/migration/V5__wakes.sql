-- When an owner has something to do by itself; null for never. Owners that are in memory know it;
-- those that are not are woken by this.
ALTER TABLE deployment ADD COLUMN wakes_at TIMESTAMP(6) WITH TIME ZONE;
CREATE INDEX deployment_wakes ON deployment (wakes_at);
-- What is there from before is looked at once.
UPDATE deployment SET wakes_at = updated WHERE has_schedules;
