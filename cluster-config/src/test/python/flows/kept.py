"""A result in a block's storage: kept.py write BLOCK DIRECTORY saves the block and runs; kept.py read RUN_ID reads it back."""

import json
import sys
from uuid import UUID

from prefect import flow, get_client, task
from prefect.client.schemas.filters import TaskRunFilter, TaskRunFilterFlowRunId
from prefect.filesystems import LocalFileSystem
from prefect.runtime import flow_run

WORD, NAME = sys.argv[1], sys.argv[2]


@task(persist_result=True)
def squares(n):
    return [i * i for i in range(n)]


def keep(slug):
    @flow(persist_result=True, result_storage=slug)
    def kept():
        return {"run": flow_run.id, "squares": squares(5)}

    return kept(return_state=True)


def read(run_id):
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(run_id)
        of_run = TaskRunFilter(flow_run_id=TaskRunFilterFlowRunId(any_=[run_id]))
        tasks = client.read_task_runs(task_run_filter=of_run)
    return {"result": run.state.result(), "of tasks": [task.state.result() for task in tasks]}


if WORD == "write":
    LocalFileSystem(basepath=sys.argv[3]).save(NAME)
    found = keep(f"local-file-system/{NAME}").result()
else:
    found = read(UUID(NAME))
print("RESULT " + json.dumps(found))
