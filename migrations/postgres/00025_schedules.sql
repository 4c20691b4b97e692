-- Schedules: which of them are paused, and which the workflow engine has yet to hear of; and retention: what of the
-- records of an organization is kept for how long, and the rounds in which the rest was deleted.

-- +goose Up
CREATE TABLE schedules (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    paused boolean NOT NULL,
    note text NOT NULL,
    changed_at bigint NOT NULL,
    changed_by text NOT NULL,
    synced_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE INDEX schedules_unsynced ON schedules (changed_at, id)
    WHERE synced_at IS NULL;
CREATE TABLE retention_settings (
    org_id text COLLATE "C" NOT NULL,
    settings json,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE TABLE retention_runs (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    cause text NOT NULL,
    dry_run boolean NOT NULL,
    status text NOT NULL,
    phase text NOT NULL,
    message text NOT NULL,
    results json,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    finished_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE INDEX retention_runs_newest ON retention_runs (org_id, created_at DESC, id);

-- +goose Down
DROP TABLE retention_runs;
DROP TABLE retention_settings;
DROP TABLE schedules;
