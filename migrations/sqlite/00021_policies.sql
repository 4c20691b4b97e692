-- Policies of an organization: rules about what deployments may do, and who has to agree.

-- +goose Up
CREATE TABLE policies (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    condition TEXT NOT NULL,
    effect TEXT NOT NULL,
    message TEXT NOT NULL,
    approvals INTEGER NOT NULL,
    roles TEXT,
    exclude_proposer INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE policies;
