-- Operations on what runs (scale, pause, resume, restart), what an environment had before it was paused, how it is looked at for
-- drift, and what was found.

-- +goose Up
CREATE TABLE operations (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    status_changed_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER,
    cancel_requested_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX operations_open ON operations (status, status_changed_at);

CREATE TABLE environment_pauses (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    operation_id TEXT NOT NULL,
    is_applied INTEGER NOT NULL,
    content TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE drift_settings (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    settings TEXT,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE drift_scans (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    cause TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    base_id TEXT NOT NULL,
    redeploy_id TEXT NOT NULL,
    checked INTEGER NOT NULL,
    drifted INTEGER NOT NULL,
    content TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE drift_scans;
DROP TABLE drift_settings;
DROP TABLE environment_pauses;
DROP TABLE operations;
