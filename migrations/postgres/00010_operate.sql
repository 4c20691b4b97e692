-- Operations on what runs (scale, pause, resume, restart), what an environment had before it was paused, how it is looked at for
-- drift, and what was found.

-- +goose Up
CREATE TABLE operations (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    content json,
    status text NOT NULL,
    message text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    status_changed_at bigint NOT NULL,
    started_at bigint,
    finished_at bigint,
    cancel_requested_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX operations_open ON operations (status, status_changed_at);

CREATE TABLE environment_pauses (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    operation_id text NOT NULL,
    is_applied boolean NOT NULL,
    content json,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);

CREATE TABLE drift_settings (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    settings json,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);

CREATE TABLE drift_scans (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    cause text NOT NULL,
    status text NOT NULL,
    message text NOT NULL,
    base_id text NOT NULL,
    redeploy_id text NOT NULL,
    checked bigint NOT NULL,
    drifted bigint NOT NULL,
    content json,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    finished_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE drift_scans;
DROP TABLE drift_settings;
DROP TABLE environment_pauses;
DROP TABLE operations;
