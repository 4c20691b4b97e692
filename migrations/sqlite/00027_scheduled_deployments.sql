-- Scheduled deployments: what is to be deployed to an environment at a time, or again and again.

-- +goose Up
CREATE TABLE scheduled_deployments (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    set_id TEXT NOT NULL,
    delta_id TEXT NOT NULL,
    from_env_id TEXT NOT NULL,
    comment TEXT NOT NULL,
    at INTEGER,
    cron TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    last_at INTEGER,
    last_deploy_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX scheduled_deployments_due ON scheduled_deployments (at, id)
    WHERE status = 'active';

-- +goose Down
DROP TABLE scheduled_deployments;
