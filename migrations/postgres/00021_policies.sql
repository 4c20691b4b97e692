-- Policies of an organization: rules about what deployments may do, and who has to agree.

-- +goose Up
CREATE TABLE policies (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    condition text NOT NULL,
    effect text NOT NULL,
    message text NOT NULL,
    approvals bigint NOT NULL,
    roles json,
    exclude_proposer boolean NOT NULL,
    deadline bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE policies;
