-- What platform engineers bring along: secret stores, resource accounts, registries, agents and keys, workload
-- profiles with their charts, and templates of workloads.

-- +goose Up
CREATE TABLE secret_stores (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_primary INTEGER NOT NULL,
    settings TEXT,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX secret_stores_primary ON secret_stores (org_id) WHERE is_primary;
CREATE TABLE resource_accounts (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE registries (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    registry TEXT NOT NULL,
    type TEXT NOT NULL,
    enable_ci INTEGER NOT NULL,
    secrets TEXT,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX registries_registry ON registries (org_id, registry);
CREATE TABLE agents (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE agent_keys (
    org_id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    public_key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expired_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, fingerprint),
    FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX agent_keys_agent ON agent_keys (org_id, agent_id);
CREATE TABLE public_keys (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    key TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expired_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX public_keys_fingerprint ON public_keys (org_id, fingerprint);
CREATE TABLE workload_profile_charts (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    chart_version TEXT NOT NULL,
    archive BLOB,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, id, chart_version),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE workload_profiles (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    latest TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE workload_profile_versions (
    org_id TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT NOT NULL,
    deprecation_message TEXT NOT NULL,
    spec_definition TEXT,
    chart_id TEXT NOT NULL,
    chart_version TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, profile_id, id),
    FOREIGN KEY (org_id, profile_id) REFERENCES workload_profiles (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE TABLE workload_templates (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    parameters TEXT,
    score TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE workload_templates;
DROP TABLE workload_profile_versions;
DROP TABLE workload_profiles;
DROP TABLE workload_profile_charts;
DROP TABLE public_keys;
DROP TABLE agent_keys;
DROP TABLE agents;
DROP TABLE registries;
DROP TABLE resource_accounts;
DROP TABLE secret_stores;
