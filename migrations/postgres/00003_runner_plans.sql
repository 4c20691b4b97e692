-- Terraform plans that are kept to be applied as they are.

-- +goose Up
CREATE TABLE runner_plans (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    guresid text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    status text NOT NULL,
    begun_by text NOT NULL,
    inputs text NOT NULL,
    lineage text NOT NULL,
    serial bigint NOT NULL,
    engine text NOT NULL,
    version text NOT NULL,
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE INDEX runner_plans_resource ON runner_plans (org_id, guresid, created_at DESC, id);

-- +goose Down
DROP TABLE runner_plans;
