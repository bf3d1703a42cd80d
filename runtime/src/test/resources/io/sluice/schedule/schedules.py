"""Writes schedules.tsv: what Prefect 3.8.8 on Python 3.11 makes of generated schedules.

Run once in an environment with prefect==3.8.8: python schedules.py > schedules.tsv
Columns: kind, text, anchor, zone, day_or, start, dates (or "bad" where Prefect refuses it).

Left out, because Sluice deviates on purpose (see the Javadoc of io.sluice.schedule; its tests say
what holds instead):
 - local times that a clock change leaves out, for cron and rrule: Python 3.13 differs from 3.11;
 - intervals of a day or more whose anchor has another offset from UTC than the start;
 - starts in the second of two equal hours;
 - dates from 2037 on, for which dateutil and pytz know no clock changes;
 - BYWEEKNO=53, which lib-recur takes for week 52 in years without a week 53;
 - cron lists of days that go beyond the end of a month: croniter skips days after it.
"""

import datetime as dt
import random
import warnings
from zoneinfo import ZoneInfo

warnings.simplefilter("ignore")

from prefect._vendor.croniter import croniter
from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule

UTC = dt.timezone.utc
random.seed(20261121)
ZONES = ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo",
         "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran"]
STARTS = [dt.datetime(2025, 3, 8, 12), dt.datetime(2025, 3, 9, 5, 59, 59), dt.datetime(2025, 3, 29, 20, 15, 7),
          dt.datetime(2025, 4, 5, 3), dt.datetime(2025, 10, 4, 12), dt.datetime(2025, 10, 25, 18, 0, 0, 500),
          dt.datetime(2025, 11, 1, 22), dt.datetime(2024, 2, 27, 23, 59, 30), dt.datetime(2025, 12, 31, 23, 50),
          dt.datetime(2026, 6, 15, 8, 30)]
N = 24
left_out = 0


def write(kind, text, anchor, zone, day_or, start, dates):
    print("\t".join([kind, text, anchor, zone, day_or, start, dates]))


def stamp(date):
    return date.astimezone(UTC).isoformat().replace("+00:00", "Z")


def exists(wall, zone):
    local = wall.replace(tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def dates_of(kind, make, text, anchor, zone, day_or, start):
    try:
        schedule = make()
    except (ValueError, TypeError):
        return write(kind, text, anchor, zone, day_or, "", "bad")
    if start is None:
        return write(kind, text, anchor, zone, day_or, "", "good")
    try:
        dates = list(schedule._get_dates_generator(n=N, start=start))
    except ValueError:
        return None  # croniter found no date at all
    dates = [d for d in sorted(dates) if d.year < 2037]
    if dates:
        write(kind, text, anchor, zone, day_or, stamp(start), ";".join(stamp(d) for d in dates))


def in_second_hour(start, zone):
    return start.astimezone(zone).fold == 1


def cron(text, zone, day_or, start):
    global left_out
    if start is not None:
        tz = ZoneInfo(zone)
        walls = croniter(text, start.astimezone(tz).replace(tzinfo=None), day_or=day_or)
        try:
            gone = any(not exists(walls.get_next(dt.datetime), tz) for _ in range(N + 2))
        except ValueError:
            return
        if gone or in_second_hour(start, tz):
            left_out += 1
            return
    dates_of("cron", lambda: CronSchedule(cron=text, timezone=zone, day_or=day_or), text, "", zone, str(day_or).lower(), start)


def field(low, high, names=()):
    pick = lambda: random.randint(low, high)
    word = lambda: random.choice(names) if names and random.random() < 0.3 else str(pick())
    return random.choice([
        lambda: "*", lambda: "*", lambda: str(pick()), lambda: word(), lambda: f"*/{random.randint(1, max(2, (high - low) // 2))}",
        lambda: f"{word()}-{word()}", lambda: f"{pick()},{pick()},{word()}", lambda: f"{pick()}-{high}/{random.randint(1, 7)}",
        lambda: f"{pick()}/{random.randint(1, 9)}",
    ])()


MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()


def day_of_month():
    return random.choice(["*", "*", "*", "?", str(random.randint(1, 31)), "L", f"{random.randint(1, 14)},{random.randint(1, 28)}",
                          f"{random.randint(1, 9)}-{random.randint(10, 28)}", "1-28/9", "15,L", "*/1", "1-31"])


def crons():
    for _ in range(260):
        dow = random.choice([field(0, 7, DAYS), "*", "*", "mon-fri", "5#2", "L5", "mon#1,wed#3", "*/1", "?", "sat-sun"])
        dom = "*" if "#" in dow or "L" in dow else day_of_month()
        text = " ".join([field(0, 59), field(0, 23), dom, field(1, 12, MONTHS) if random.random() < 0.3 else "*", dow])
        if random.random() < 0.08:
            text += " " + field(0, 59)
        elif random.random() < 0.05:
            text += " 0 2025-2027"
        cron(text, random.choice(ZONES), random.random() < 0.7, random.choice(STARTS).replace(tzinfo=UTC))
    for text in ["@daily", "@hourly", "@weekly", "@monthly", "@yearly", "30 * * * *", "*/15 * * * *", "0 9 * * *", "15 3 * * *", "0 0 29 2 *",
                 "0 0 31 * *", "0 12 13 * fri", "30 1 * * *"]:
        for zone in ["UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]:
            for start in STARTS[:7]:
                cron(text, zone, text != "0 12 13 * fri" or zone != "UTC", start.replace(tzinfo=UTC))
    for text in ["* * * *", "* * * * * * * *", "60 * * * *", "* 24 * * *", "0 0 0 * *", "0 0 32 * *", "0 0 * 0 *", "0 0 * 13 *", "0 0 * * 8", "a * * * *",
                 "@reboot", "@every 5m", "5L * * * *", "0 0 L-3 * *", "0 0 15W * *", "0 0 * * 5L", "0 0 * * L", "0 0 * * 1-5#2", "0 0 * * 0,1#2",
                 "0 0 * * 1#6", "0 0 * * 1#0", "-1 * * * *", "*/0 * * * *", "1/0 * * * *", "50-10/0 * * * *", "1/ * * * *", "/5 * * * *", "1,,2 * * * *", "1, * * * *",
                 "? * * * *", "*? * * * *", "0 0 ?,1 * *", "h * * * *", "H/5 * * * *", "R * * * *", "r * * * *", "", " ", "not cron", "0 0 * foo *",
                 "1.5 * * * *", "0 0 * * * 60", "0 0 * * * 0 1969", "0 0 * * * 0 2100", "* * * * 0-8", "0-70 * * * *", "0 0 0-5 * *", "@DAILY",
                 "0 0 * JAN-MAR MON", "5-5 * * * *", "0 0 1-L * *", "*/90 * * * *", "*,5 * * * *", "0 0 0 * * 5", "0 0 * * 7 5"]:
        cron(text, "UTC", True, None)


def interval(seconds, anchor, zone, start):
    global left_out
    tz = ZoneInfo(zone)
    days, rest = divmod(seconds, 86400)
    if days:
        wall, first = anchor.astimezone(tz), start.astimezone(tz)
        k = int((first.replace(tzinfo=None) - wall.replace(tzinfo=None)).total_seconds() // seconds)
        walls = [wall.replace(tzinfo=None) + dt.timedelta(seconds=seconds * (k + i)) for i in range(-1, N + 2)]
        if wall.utcoffset() != first.utcoffset() or any(not exists(w, tz) for w in walls) or in_second_hour(start, tz):
            left_out += 1
            return
    dates_of("interval", lambda: IntervalSchedule(interval=dt.timedelta(seconds=seconds), anchor_date=anchor, timezone=zone), repr(seconds),
             stamp(anchor), zone, "", start)


def intervals():
    for _ in range(170):
        seconds = random.choice([1, 0.5, 7, 60, 90, 900, 1800, 3600, 5400, 7200, 43200, 86399, 86400, 86400, 86400, 90000, 172800, 604800, 2592000, 86400.5])
        start = random.choice(STARTS).replace(tzinfo=UTC)
        anchor = start + dt.timedelta(seconds=random.choice([0, -random.randint(1, 10**6), random.randint(1, 10**6), -random.randint(10**7, 10**8)]))
        interval(seconds, anchor.replace(microsecond=0), random.choice(ZONES), start)


def rrule(text, zone, start):
    global left_out
    if start is not None:
        tz = ZoneInfo(zone)
        try:
            naive = RRuleSchedule(rrule=text, timezone="UTC")._get_dates_generator(n=N + 4, start=start.astimezone(tz).replace(tzinfo=UTC) - dt.timedelta(hours=2))
            gone = any(not exists(d.replace(tzinfo=None), tz) for d in naive)
        except ValueError:
            gone = False
        if gone or in_second_hour(start, tz):
            left_out += 1
            return
    dates_of("rrule", lambda: RRuleSchedule(rrule=text, timezone=zone), text.replace("\n", " "), "", zone, "", start)


RULES = ["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;BYHOUR=9,17;BYMINUTE=30", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;WKST=SU",
         "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1", "FREQ=MONTHLY;BYDAY=2FR", "FREQ=MONTHLY;BYDAY=-1MO,1TU",
         "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=1,6;BYMONTHDAY=10", "FREQ=YEARLY;BYYEARDAY=1,100,-1",
         "FREQ=YEARLY;BYWEEKNO=20", "FREQ=YEARLY;BYWEEKNO=1,52;BYDAY=MO", "FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR", "FREQ=HOURLY",
         "FREQ=HOURLY;INTERVAL=6", "FREQ=HOURLY;BYDAY=MO", "FREQ=HOURLY;INTERVAL=5;BYMINUTE=10,40", "FREQ=MINUTELY;INTERVAL=45", "FREQ=MINUTELY;BYHOUR=9,10;BYMINUTE=0,20,40",
         "FREQ=SECONDLY;INTERVAL=90", "FREQ=DAILY;COUNT=10", "FREQ=WEEKLY;COUNT=5;BYDAY=SA,SU", "FREQ=DAILY;UNTIL=20251225T000000", "FREQ=DAILY;BYMONTH=1", "FREQ=DAILY;BYMONTHDAY=13;BYDAY=FR",
         "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=4", "FREQ=MONTHLY;BYDAY=MO;BYMONTHDAY=1,2,3,4,5,6,7", "FREQ=YEARLY;BYSETPOS=1,-1;BYDAY=MO,FR",
         "FREQ=WEEKLY;BYHOUR=6;BYMINUTE=15;BYSECOND=30;BYDAY=TH", "FREQ=DAILY;BYHOUR=8,12;BYMINUTE=0,30;BYSETPOS=1,-1", "FREQ=HOURLY;BYHOUR=1,2,3,4", "FREQ=MONTHLY;BYMONTHDAY=-3"]


def rrules():
    anchors = ["20240101T000000", "20250215T093000", "20240229T120000", "20250301T013000"]
    for text in RULES:
        for _ in range(5):
            anchor = random.choice(anchors)
            if "SECONDLY" in text or "MINUTELY" in text:
                anchor = "20250215T093000"
            rrule(f"DTSTART:{anchor}\nRRULE:{text}", random.choice(ZONES), random.choice(STARTS).replace(tzinfo=UTC))
    start = STARTS[0].replace(tzinfo=UTC)
    for text in ["DTSTART:20250101T090000\nRRULE:FREQ=DAILY\nEXDATE:20250310T090000,20250311T090000", "DTSTART:20250101T090000\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY;BYDAY=SA,SU",
                 "DTSTART:20250101T090000\nRRULE:FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=WEEKLY;BYDAY=WE,MO\nRDATE:20250314T120000", "RDATE:20250401T000000,20250501T120000",
                 "DTSTART;TZID=Europe/Berlin:20250101T090000\nRRULE:FREQ=DAILY;UNTIL=20250401T000000Z", "DTSTART:20250101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20250401T080000Z", "FREQ=DAILY", "RRULE:FREQ=MONTHLY;BYDAY=1MO",
                 "DTSTART:20250101\nRRULE:FREQ=DAILY;BYDAY=MO", "DTSTART:20250101T090000\nFREQ=DAILY;INTERVAL=2", "rrule:freq=daily"]:
        for zone in ["UTC", "Europe/Berlin", "America/New_York"]:
            rrule(text, zone, start)
    for text in ["nope", "", "FREQ=SOMETIMES", "INTERVAL=2", "FREQ=DAILY;UNTIL=20270101T000000Z", "DTSTART:20250101T090000Z\nRRULE:FREQ=DAILY;UNTIL=20250401T080000", "FREQ=DAILY;NOPE=1",
                 "FREQ=DAILY;COUNT=x", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;UNTIL=soon!", "DTSTART:nonsense\nRRULE:FREQ=DAILY", "FOO:bar", "FREQ=MONTHLY;BYSETPOS=0;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO,,TU", "RRULE;X=1:FREQ=DAILY",
                 "FREQ=DAILY;", "FREQ=DAILY INTERVAL=2", "FREQ=WEEKLY;BYMONTHDAY=3", "FREQ=MONTHLY;BYYEARDAY=3", "FREQ=DAILY;BYHOUR=25", "FREQ=DAILY;COUNT=3;UNTIL=20270101T000000", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=DAILY;WKST=MO", "FREQ=DAILY;BYWEEKDAY=MO"]:
        rrule(text, "UTC", None)


crons()
intervals()
rrules()
import sys

print(f"{left_out} left out", file=sys.stderr)
