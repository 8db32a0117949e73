# The same work with APScheduler: python3 apscheduler.py JOBS.json. Tells on descriptor 3 that it runs.
import json
import os
import subprocess
import sys

# This file's own folder is searched first, and in it this file has the name of the package.
sys.path.pop(0)

from apscheduler.events import EVENT_SCHEDULER_STARTED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger


def run(command):
    subprocess.run(command, shell=isinstance(command, str), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


FIELDS = ("second", "minute", "hour", "day", "month", "day_of_week")
scheduler = BlockingScheduler(executors={"default": ThreadPoolExecutor(200)})
with open(sys.argv[1]) as file:
    for job in json.load(file):
        trigger = CronTrigger(**dict(zip(FIELDS, job["pattern"].split(" "))))
        scheduler.add_job(run, trigger, args=[job["command"]], id=job["name"])
scheduler.add_listener(lambda event: os.write(3, b"running\n"), EVENT_SCHEDULER_STARTED)
scheduler.start()
