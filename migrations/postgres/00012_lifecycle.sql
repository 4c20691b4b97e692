-- How environments come and go: what ends them, requests for new ones, freeze windows of environment types, the
-- order in which an application is promoted, and rules for previews of branches.

-- +goose Up
CREATE TABLE environment_lifetimes (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    expires_at bigint,
    warn_before bigint NOT NULL,
    warned_for bigint,
    idle_after bigint NOT NULL,
    idle_since bigint NOT NULL,
    protected boolean NOT NULL,
    next_at bigint,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX environment_lifetimes_next ON environment_lifetimes (next_at);
CREATE TABLE spin_ups (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    env_created_at bigint NOT NULL,
    kind text NOT NULL,
    from_env_id text COLLATE "C" NOT NULL,
    from_deploy_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    on_failure text NOT NULL,
    status text NOT NULL,
    phase text NOT NULL,
    message text NOT NULL,
    events json,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    cancel_requested_at bigint,
    handed_over_at bigint,
    finished_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX spin_ups_newest ON spin_ups (org_id, app_id, created_at DESC, id);
CREATE INDEX spin_ups_open ON spin_ups (created_at, id)
    WHERE finished_at IS NULL;
CREATE TABLE freeze_windows (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    env_type_id text COLLATE "C" NOT NULL,
    description text NOT NULL,
    cron text NOT NULL,
    duration bigint NOT NULL,
    time_zone text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, env_type_id) REFERENCES environment_types (org_id, id) ON DELETE CASCADE
);
CREATE INDEX freeze_windows_type ON freeze_windows (org_id, env_type_id, created_at, id);
CREATE TABLE promotion_paths (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    steps json,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE TABLE preview_rules (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    base_env_id text COLLATE "C" NOT NULL,
    env_type_id text COLLATE "C" NOT NULL,
    match_ref text NOT NULL,
    ttl bigint NOT NULL,
    warn_before bigint NOT NULL,
    idle_after bigint NOT NULL,
    on_failure text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE preview_rules;
DROP TABLE promotion_paths;
DROP TABLE freeze_windows;
DROP TABLE spin_ups;
DROP TABLE environment_lifetimes;
