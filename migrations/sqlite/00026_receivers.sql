-- Receivers: where GitHub and GitLab tell of pull requests and branches, and what they told.

-- +goose Up
CREATE TABLE receivers (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    vendor TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    repository TEXT NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id, rule_id) REFERENCES preview_rules (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX receivers_id ON receivers (id);
CREATE TABLE receiver_deliveries (
    org_id TEXT NOT NULL,
    receiver_id TEXT NOT NULL,
    id TEXT NOT NULL,
    event TEXT NOT NULL,
    kind TEXT NOT NULL,
    branch TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, receiver_id, id),
    FOREIGN KEY (org_id, receiver_id) REFERENCES receivers (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX receiver_deliveries_newest ON receiver_deliveries (org_id, receiver_id, created_at DESC, id);
CREATE INDEX receiver_deliveries_pending ON receiver_deliveries (created_at, id)
    WHERE finished_at IS NULL;

-- +goose Down
DROP TABLE receiver_deliveries;
DROP TABLE receivers;
