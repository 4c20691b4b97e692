-- Receivers: where GitHub and GitLab tell of pull requests and branches, and what they told.

-- +goose Up
CREATE TABLE receivers (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    vendor text NOT NULL,
    rule_id text COLLATE "C" NOT NULL,
    repository text NOT NULL,
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id, rule_id) REFERENCES preview_rules (org_id, app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX receivers_id ON receivers (id);
CREATE TABLE receiver_deliveries (
    org_id text COLLATE "C" NOT NULL,
    receiver_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    event text NOT NULL,
    kind text NOT NULL,
    branch text NOT NULL,
    commit_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    created_at bigint NOT NULL,
    finished_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, receiver_id, id),
    FOREIGN KEY (org_id, receiver_id) REFERENCES receivers (org_id, id) ON DELETE CASCADE
);
CREATE INDEX receiver_deliveries_newest ON receiver_deliveries (org_id, receiver_id, created_at DESC, id);
CREATE INDEX receiver_deliveries_pending ON receiver_deliveries (created_at, id)
    WHERE finished_at IS NULL;

-- +goose Down
DROP TABLE receiver_deliveries;
DROP TABLE receivers;
