"""Writes clock_changes.tsv: the runs that Prefect 3.8.8 on Python 3.11 schedules on days on which clocks change.

Run once in an environment with prefect==3.8.8: python clock_changes.py > clock_changes.tsv
Columns: zone, day, kind, text, anchor, dates from an hour before that day begins until 27 hours later.
"""

import datetime as dt
import warnings
from zoneinfo import ZoneInfo

warnings.simplefilter("ignore")

from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule

UTC = dt.timezone.utc
DAYS = [("America/New_York", "2026-03-08"), ("America/New_York", "2026-11-01"), ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25")]
CRONS = ["0 * * * *", "30 1 * * *", "30 2 * * *"]
RULES = ["DTSTART:20260101T013000\nRRULE:FREQ=DAILY;BYHOUR=0,1,3,12;BYMINUTE=30", "DTSTART:20260101T013000\nRRULE:FREQ=HOURLY;INTERVAL=6"]


def stamp(date):
    return date.astimezone(UTC).isoformat().replace("+00:00", "Z")


for zone, day in DAYS:
    midnight = dt.datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    start = midnight.astimezone(UTC) - dt.timedelta(hours=1)
    anchor = (midnight - dt.timedelta(days=7)).replace(hour=9, minute=15).astimezone(UTC)
    schedules = [("cron", text, "", CronSchedule(cron=text, timezone=zone)) for text in CRONS]
    for hours in (1, 24):
        made = IntervalSchedule(interval=dt.timedelta(hours=hours), anchor_date=anchor, timezone=zone)
        schedules.append(("interval", str(hours * 3600), stamp(anchor), made))
    schedules += [("rrule", text, "", RRuleSchedule(rrule=text, timezone=zone)) for text in RULES]
    for kind, text, at, schedule in schedules:
        dates = [d for d in schedule._get_dates_generator(n=60, start=start) if d < start + dt.timedelta(hours=27)]
        print("\t".join([zone, day, kind, text.replace("\n", " "), at, ";".join(map(stamp, sorted(dates)))]))
