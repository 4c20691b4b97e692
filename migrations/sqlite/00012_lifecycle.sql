-- How environments come and go: what ends them, requests for new ones, freeze windows of environment types, the
-- order in which an application is promoted, and rules for previews of branches.

-- +goose Up
CREATE TABLE environment_lifetimes (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    expires_at INTEGER,
    warn_before INTEGER NOT NULL,
    warned_for INTEGER,
    idle_after INTEGER NOT NULL,
    idle_since INTEGER NOT NULL,
    protected INTEGER NOT NULL,
    next_at INTEGER,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX environment_lifetimes_next ON environment_lifetimes (next_at);
CREATE TABLE spin_ups (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    env_created_at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    from_env_id TEXT NOT NULL,
    from_deploy_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    on_failure TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    message TEXT NOT NULL,
    events TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    cancel_requested_at INTEGER,
    handed_over_at INTEGER,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX spin_ups_newest ON spin_ups (org_id, app_id, created_at DESC, id);
CREATE INDEX spin_ups_open ON spin_ups (created_at, id)
    WHERE finished_at IS NULL;
CREATE TABLE freeze_windows (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    env_type_id TEXT NOT NULL,
    description TEXT NOT NULL,
    cron TEXT NOT NULL,
    duration INTEGER NOT NULL,
    time_zone TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, env_type_id) REFERENCES environment_types (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX freeze_windows_type ON freeze_windows (org_id, env_type_id, created_at, id);
CREATE TABLE promotion_paths (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    steps TEXT,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE TABLE preview_rules (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    base_env_id TEXT NOT NULL,
    env_type_id TEXT NOT NULL,
    match_ref TEXT NOT NULL,
    ttl INTEGER NOT NULL,
    warn_before INTEGER NOT NULL,
    idle_after INTEGER NOT NULL,
    on_failure TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE preview_rules;
DROP TABLE promotion_paths;
DROP TABLE freeze_windows;
DROP TABLE spin_ups;
DROP TABLE environment_lifetimes;
