-- Runs of pipelines with their jobs, steps, logs and approval requests, and the artefact versions that wait for one.

-- +goose Up
CREATE TABLE pipeline_runs (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    pipeline_id TEXT NOT NULL,
    pipeline_version TEXT NOT NULL,
    definition TEXT NOT NULL,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    trigger_type TEXT NOT NULL,
    inputs TEXT,
    env_ids TEXT,
    run_as TEXT NOT NULL,
    concurrency_group TEXT NOT NULL,
    waiting_for TEXT,
    timeout_seconds INTEGER NOT NULL,
    idempotency_key TEXT NOT NULL,
    parent_run TEXT NOT NULL,
    restarted_from TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    executing_at INTEGER,
    cancel_requested_at INTEGER,
    cancel_requested_by TEXT NOT NULL,
    completed_at INTEGER,
    handed_over_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX pipeline_runs_newest ON pipeline_runs (org_id, app_id, pipeline_id, created_at DESC, id);
CREATE UNIQUE INDEX pipeline_runs_idempotency ON pipeline_runs (org_id, app_id, pipeline_id, created_by, idempotency_key)
    WHERE idempotency_key <> '';
CREATE INDEX pipeline_runs_open ON pipeline_runs (created_at, id)
    WHERE completed_at IS NULL;

CREATE TABLE pipeline_jobs (
    org_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    waiting_for TEXT NOT NULL,
    status_message TEXT NOT NULL,
    outputs TEXT,
    timeout_seconds INTEGER NOT NULL,
    continue_on_error INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    executing_at INTEGER,
    cancel_requested_at INTEGER,
    completed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, run_id, id),
    FOREIGN KEY (org_id, run_id) REFERENCES pipeline_runs (org_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE pipeline_steps (
    org_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    step_index INTEGER NOT NULL,
    name TEXT NOT NULL,
    uses TEXT NOT NULL,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    outputs TEXT,
    related TEXT,
    state TEXT,
    timeout_seconds INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    completed_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, run_id, job_id, step_index),
    FOREIGN KEY (org_id, run_id, job_id) REFERENCES pipeline_jobs (org_id, run_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE pipeline_step_logs (
    org_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    step_index INTEGER NOT NULL,
    line INTEGER NOT NULL,
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (org_id, run_id, job_id, step_index, line),
    FOREIGN KEY (org_id, run_id, job_id, step_index) REFERENCES pipeline_steps (org_id, run_id, job_id, step_index) ON DELETE CASCADE
) STRICT;

CREATE TABLE pipeline_approvals (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    pipeline_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    job_id TEXT NOT NULL,
    step_index INTEGER NOT NULL,
    env_id TEXT NOT NULL,
    message TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    decided_at INTEGER,
    decided_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, run_id) REFERENCES pipeline_runs (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX pipeline_approvals_newest ON pipeline_approvals (org_id, app_id, created_at DESC, id);
CREATE INDEX pipeline_approvals_run ON pipeline_approvals (org_id, run_id);

CREATE TABLE pipeline_batch_items (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    pipeline_id TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    artefact_version_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX pipeline_batch_items_open ON pipeline_batch_items (org_id, app_id, pipeline_id, created_at, id)
    WHERE run_id = '';

-- +goose Down
DROP TABLE pipeline_batch_items;
DROP TABLE pipeline_approvals;
DROP TABLE pipeline_step_logs;
DROP TABLE pipeline_steps;
DROP TABLE pipeline_jobs;
DROP TABLE pipeline_runs;
