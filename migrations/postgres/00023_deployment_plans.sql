-- Plans of deployments that are kept: what drivers would do, to be applied as it was shown.

-- +goose Up
CREATE TABLE deployment_plans (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    delta_id text NOT NULL,
    set_id text NOT NULL,
    value_set_version_id text NOT NULL,
    status text NOT NULL,
    message text NOT NULL,
    content bytea,
    deployment_id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    cancel_requested_at bigint,
    handed_over_at bigint,
    made_at bigint,
    expires_at bigint,
    finished_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX deployment_plans_newest ON deployment_plans (org_id, app_id, env_id, created_at DESC, id);
CREATE INDEX deployment_plans_open ON deployment_plans (created_at, id)
    WHERE finished_at IS NULL;
ALTER TABLE deployments ADD COLUMN plan_id text NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN plan_id text NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN planned bytea;

-- +goose Down
ALTER TABLE nodes DROP COLUMN planned;
ALTER TABLE nodes DROP COLUMN plan_id;
ALTER TABLE deployments DROP COLUMN plan_id;
DROP TABLE deployment_plans;
