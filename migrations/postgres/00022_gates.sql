-- Where deployments wait for people: what policies ask for, and who has agreed.

-- +goose Up
ALTER TABLE deployments ADD COLUMN gate text NOT NULL DEFAULT '';
ALTER TABLE deployments ADD COLUMN freeze_override text NOT NULL DEFAULT '';
CREATE TABLE deployment_gates (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    node text COLLATE "C" NOT NULL,
    state text NOT NULL,
    fingerprint text NOT NULL,
    values_given boolean NOT NULL,
    input json,
    summary text NOT NULL,
    requirements json,
    message text NOT NULL,
    created_at bigint NOT NULL,
    until bigint,
    ended_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, deployment_id, node),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
);
CREATE INDEX deployment_gates_waiting ON deployment_gates (org_id, app_id, created_at)
    WHERE state = 'waiting';
CREATE TABLE deployment_approvals (
    org_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    node text COLLATE "C" NOT NULL,
    decision text NOT NULL,
    decided_by text NOT NULL,
    roles json,
    comment text NOT NULL,
    fingerprint text NOT NULL,
    void text NOT NULL,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, deployment_id, id),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
);
CREATE INDEX deployment_approvals_node ON deployment_approvals (org_id, deployment_id, node, created_at, id);

-- +goose Down
DROP TABLE deployment_approvals;
DROP TABLE deployment_gates;
ALTER TABLE deployments DROP COLUMN freeze_override;
ALTER TABLE deployments DROP COLUMN gate;
