-- Scheduled deployments: what is to be deployed to an environment at a time, or again and again.

-- +goose Up
CREATE TABLE scheduled_deployments (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    set_id text COLLATE "C" NOT NULL,
    delta_id text COLLATE "C" NOT NULL,
    from_env_id text COLLATE "C" NOT NULL,
    comment text NOT NULL,
    at bigint,
    cron text NOT NULL,
    time_zone text NOT NULL,
    status text NOT NULL,
    message text NOT NULL,
    last_at bigint,
    last_deploy_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX scheduled_deployments_due ON scheduled_deployments (at, id)
    WHERE status = 'active';

-- +goose Down
DROP TABLE scheduled_deployments;
