-- Promotions: what one environment runs is brought to another one.

-- +goose Up
CREATE TABLE promotions (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    from_env_id text COLLATE "C" NOT NULL,
    from_deploy_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    env_created_at bigint NOT NULL,
    workloads json,
    base_set_id text NOT NULL,
    set_id text NOT NULL,
    comment text NOT NULL,
    freeze_override text NOT NULL,
    soak bigint NOT NULL,
    roll_back boolean NOT NULL,
    deadline_at bigint NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    roll_back_id text COLLATE "C" NOT NULL,
    status text NOT NULL,
    phase text NOT NULL,
    message text NOT NULL,
    soak_until bigint,
    failing bigint NOT NULL,
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
CREATE INDEX promotions_newest ON promotions (org_id, app_id, created_at DESC, id);
CREATE INDEX promotions_open ON promotions (created_at, id)
    WHERE finished_at IS NULL;

-- +goose Down
DROP TABLE promotions;
