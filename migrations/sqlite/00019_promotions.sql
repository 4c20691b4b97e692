-- Promotions: what one environment runs is brought to another one.

-- +goose Up
CREATE TABLE promotions (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    from_env_id TEXT NOT NULL,
    from_deploy_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    env_created_at INTEGER NOT NULL,
    workloads TEXT,
    base_set_id TEXT NOT NULL,
    set_id TEXT NOT NULL,
    comment TEXT NOT NULL,
    freeze_override TEXT NOT NULL,
    soak INTEGER NOT NULL,
    roll_back INTEGER NOT NULL,
    deadline_at INTEGER NOT NULL,
    deployment_id TEXT NOT NULL,
    roll_back_id TEXT NOT NULL,
    status TEXT NOT NULL,
    phase TEXT NOT NULL,
    message TEXT NOT NULL,
    soak_until INTEGER,
    failing INTEGER NOT NULL,
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
CREATE INDEX promotions_newest ON promotions (org_id, app_id, created_at DESC, id);
CREATE INDEX promotions_open ON promotions (created_at, id)
    WHERE finished_at IS NULL;

-- +goose Down
DROP TABLE promotions;
