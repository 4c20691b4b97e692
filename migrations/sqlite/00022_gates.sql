-- Where deployments wait for people: what policies ask for, and who has agreed.

-- +goose Up
ALTER TABLE deployments ADD COLUMN gate TEXT NOT NULL DEFAULT '';
ALTER TABLE deployments ADD COLUMN freeze_override TEXT NOT NULL DEFAULT '';
CREATE TABLE deployment_gates (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    node TEXT NOT NULL,
    state TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    values_given INTEGER NOT NULL,
    input TEXT,
    summary TEXT NOT NULL,
    requirements TEXT,
    message TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    until INTEGER,
    ended_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, deployment_id, node),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX deployment_gates_waiting ON deployment_gates (org_id, app_id, created_at)
    WHERE state = 'waiting';
CREATE TABLE deployment_approvals (
    org_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    id TEXT NOT NULL,
    node TEXT NOT NULL,
    decision TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    roles TEXT,
    comment TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    void TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, deployment_id, id),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX deployment_approvals_node ON deployment_approvals (org_id, deployment_id, node, created_at, id);

-- +goose Down
DROP TABLE deployment_approvals;
DROP TABLE deployment_gates;
ALTER TABLE deployments DROP COLUMN freeze_override;
ALTER TABLE deployments DROP COLUMN gate;
