-- What Terraform runners keep. runner_leases.token only grows; runs, states and
-- journal entries repeat the token of the runner that may change them, so that
-- every write is one conditional statement on one row.

-- +goose Up
CREATE TABLE runner_leases (
    org_id TEXT NOT NULL,
    guresid TEXT NOT NULL,
    token INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    owner TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, guresid),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE runner_runs (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    guresid TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    node TEXT NOT NULL,
    action TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    token INTEGER NOT NULL,
    spec BLOB NOT NULL,
    result BLOB,
    error_code TEXT NOT NULL,
    error TEXT NOT NULL,
    permanent INTEGER NOT NULL,
    reported INTEGER NOT NULL,
    host TEXT NOT NULL,
    boot TEXT NOT NULL,
    work_dir TEXT NOT NULL,
    launched_at INTEGER NOT NULL,
    cancel_at INTEGER,
    created_at INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX runner_runs_resource ON runner_runs (org_id, guresid, created_at DESC, id);
CREATE UNIQUE INDEX runner_runs_active ON runner_runs (org_id, guresid)
    WHERE status IN ('pending', 'running');

CREATE TABLE runner_states (
    org_id TEXT NOT NULL,
    guresid TEXT NOT NULL,
    token INTEGER NOT NULL,
    run_id TEXT NOT NULL,
    lineage TEXT NOT NULL,
    serial INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, guresid),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE runner_journal (
    org_id TEXT NOT NULL,
    guresid TEXT NOT NULL,
    address TEXT NOT NULL,
    run_id TEXT NOT NULL,
    token INTEGER NOT NULL,
    action TEXT NOT NULL,
    prior_id TEXT NOT NULL,
    object_id TEXT NOT NULL,
    step TEXT NOT NULL,
    detail BLOB,
    note TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, guresid, address),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE runner_events (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    org_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    type TEXT NOT NULL,
    address TEXT NOT NULL,
    message TEXT NOT NULL,
    FOREIGN KEY (org_id, run_id) REFERENCES runner_runs (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX runner_events_run ON runner_events (org_id, run_id, seq);

-- Provider lock files, one for each version of a definition's Terraform code.
CREATE TABLE runner_locks (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE runner_locks;
DROP TABLE runner_events;
DROP TABLE runner_journal;
DROP TABLE runner_states;
DROP TABLE runner_runs;
DROP TABLE runner_leases;
