-- What drivers planned to change when they carried a deployment out.

-- +goose Up
CREATE TABLE node_changes (
    org_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    node TEXT NOT NULL,
    run_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    summary TEXT NOT NULL,
    counts TEXT,
    changes TEXT,
    PRIMARY KEY (org_id, deployment_id, node, run_id),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE node_changes;
