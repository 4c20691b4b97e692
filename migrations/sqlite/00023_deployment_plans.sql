-- Plans of deployments that are kept: what drivers would do, to be applied as it was shown.

-- +goose Up
CREATE TABLE deployment_plans (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    delta_id TEXT NOT NULL,
    set_id TEXT NOT NULL,
    value_set_version_id TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    content BLOB,
    deployment_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    cancel_requested_at INTEGER,
    handed_over_at INTEGER,
    made_at INTEGER,
    expires_at INTEGER,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX deployment_plans_newest ON deployment_plans (org_id, app_id, env_id, created_at DESC, id);
CREATE INDEX deployment_plans_open ON deployment_plans (created_at, id)
    WHERE finished_at IS NULL;
ALTER TABLE deployments ADD COLUMN plan_id TEXT NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN plan_id TEXT NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN planned BLOB;

-- +goose Down
ALTER TABLE nodes DROP COLUMN planned;
ALTER TABLE nodes DROP COLUMN plan_id;
ALTER TABLE deployments DROP COLUMN plan_id;
DROP TABLE deployment_plans;
