-- Runs of pipelines with their jobs, steps, logs and approval requests, and the artefact versions that wait for one.

-- +goose Up
CREATE TABLE pipeline_runs (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    pipeline_id text COLLATE "C" NOT NULL,
    pipeline_version text COLLATE "C" NOT NULL,
    definition text NOT NULL,
    status text NOT NULL,
    status_message text NOT NULL,
    trigger_type text NOT NULL,
    inputs json,
    env_ids json,
    run_as text NOT NULL,
    concurrency_group text COLLATE "C" NOT NULL,
    waiting_for json,
    timeout_seconds bigint NOT NULL,
    idempotency_key text COLLATE "C" NOT NULL,
    parent_run text COLLATE "C" NOT NULL,
    restarted_from text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    executing_at bigint,
    cancel_requested_at bigint,
    cancel_requested_by text NOT NULL,
    completed_at bigint,
    handed_over_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX pipeline_runs_newest ON pipeline_runs (org_id, app_id, pipeline_id, created_at DESC, id);
CREATE UNIQUE INDEX pipeline_runs_idempotency ON pipeline_runs (org_id, app_id, pipeline_id, created_by, idempotency_key)
    WHERE idempotency_key <> '';
CREATE INDEX pipeline_runs_open ON pipeline_runs (created_at, id)
    WHERE completed_at IS NULL;

CREATE TABLE pipeline_jobs (
    org_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    ordinal bigint NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    waiting_for text NOT NULL,
    status_message text NOT NULL,
    outputs json,
    timeout_seconds bigint NOT NULL,
    continue_on_error boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    executing_at bigint,
    cancel_requested_at bigint,
    completed_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, run_id, id),
    FOREIGN KEY (org_id, run_id) REFERENCES pipeline_runs (org_id, id) ON DELETE CASCADE
);

CREATE TABLE pipeline_steps (
    org_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    step_index bigint NOT NULL,
    name text NOT NULL,
    uses text NOT NULL,
    status text NOT NULL,
    status_message text NOT NULL,
    outputs json,
    related json,
    state json,
    timeout_seconds bigint NOT NULL,
    created_at bigint NOT NULL,
    completed_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, run_id, job_id, step_index),
    FOREIGN KEY (org_id, run_id, job_id) REFERENCES pipeline_jobs (org_id, run_id, id) ON DELETE CASCADE
);

CREATE TABLE pipeline_step_logs (
    org_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    step_index bigint NOT NULL,
    line bigint NOT NULL,
    at bigint NOT NULL,
    level text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (org_id, run_id, job_id, step_index, line),
    FOREIGN KEY (org_id, run_id, job_id, step_index) REFERENCES pipeline_steps (org_id, run_id, job_id, step_index) ON DELETE CASCADE
);

CREATE TABLE pipeline_approvals (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    pipeline_id text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    job_id text COLLATE "C" NOT NULL,
    step_index bigint NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    message text NOT NULL,
    status text NOT NULL,
    created_at bigint NOT NULL,
    decided_at bigint,
    decided_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, run_id) REFERENCES pipeline_runs (org_id, id) ON DELETE CASCADE
);
CREATE INDEX pipeline_approvals_newest ON pipeline_approvals (org_id, app_id, created_at DESC, id);
CREATE INDEX pipeline_approvals_run ON pipeline_approvals (org_id, run_id);

CREATE TABLE pipeline_batch_items (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    pipeline_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    artefact_version_id text COLLATE "C" NOT NULL,
    reference text NOT NULL,
    created_at bigint NOT NULL,
    due_at bigint NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX pipeline_batch_items_open ON pipeline_batch_items (org_id, app_id, pipeline_id, created_at, id)
    WHERE run_id = '';

-- +goose Down
DROP TABLE pipeline_batch_items;
DROP TABLE pipeline_approvals;
DROP TABLE pipeline_step_logs;
DROP TABLE pipeline_steps;
DROP TABLE pipeline_jobs;
DROP TABLE pipeline_runs;
