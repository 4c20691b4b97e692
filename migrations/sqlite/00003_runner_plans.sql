-- Terraform plans that are kept to be applied as they are.

-- +goose Up
CREATE TABLE runner_plans (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    guresid TEXT NOT NULL,
    run_id TEXT NOT NULL,
    status TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    inputs TEXT NOT NULL,
    lineage TEXT NOT NULL,
    serial INTEGER NOT NULL,
    engine TEXT NOT NULL,
    version TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX runner_plans_resource ON runner_plans (org_id, guresid, created_at DESC, id);

-- +goose Down
DROP TABLE runner_plans;
