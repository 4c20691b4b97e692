-- Schedules: which of them are paused, and which the workflow engine has yet to hear of; and retention: what of the
-- records of an organization is kept for how long, and the rounds in which the rest was deleted.

-- +goose Up
CREATE TABLE schedules (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    paused INTEGER NOT NULL,
    note TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    synced_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX schedules_unsynced ON schedules (changed_at, id)
    WHERE synced_at IS NULL;
CREATE TABLE retention_settings (
    org_id TEXT NOT NULL,
    settings TEXT,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE retention_runs (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cause TEXT NOT NULL,
    dry_run INTEGER NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    message TEXT NOT NULL,
    results TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX retention_runs_newest ON retention_runs (org_id, created_at DESC, id);

-- +goose Down
DROP TABLE retention_runs;
DROP TABLE retention_settings;
DROP TABLE schedules;
