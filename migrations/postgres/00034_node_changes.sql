-- What drivers planned to change when they carried a deployment out.

-- +goose Up
CREATE TABLE node_changes (
    org_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    node text COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    summary text COLLATE "C" NOT NULL,
    counts text COLLATE "C",
    changes text COLLATE "C",
    PRIMARY KEY (org_id, deployment_id, node, run_id),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE node_changes;
