-- What platform engineers bring along: secret stores, resource accounts, registries, agents and keys, workload
-- profiles with their charts, and templates of workloads.

-- +goose Up
CREATE TABLE secret_stores (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    is_primary boolean NOT NULL,
    settings json,
    sealed bytea,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX secret_stores_primary ON secret_stores (org_id) WHERE is_primary;
CREATE TABLE resource_accounts (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    sealed bytea,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE TABLE registries (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    registry text NOT NULL,
    type text NOT NULL,
    enable_ci boolean NOT NULL,
    secrets json,
    sealed bytea,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX registries_registry ON registries (org_id, registry);
CREATE TABLE agents (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    description text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE TABLE agent_keys (
    org_id text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    agent_id text COLLATE "C" NOT NULL,
    public_key text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    expired_at bigint NOT NULL,
    PRIMARY KEY (org_id, fingerprint),
    FOREIGN KEY (org_id, agent_id) REFERENCES agents (org_id, id) ON DELETE CASCADE
);
CREATE INDEX agent_keys_agent ON agent_keys (org_id, agent_id);
CREATE TABLE public_keys (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    fingerprint text COLLATE "C" NOT NULL,
    key text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    expired_at bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX public_keys_fingerprint ON public_keys (org_id, fingerprint);
CREATE TABLE workload_profile_charts (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    chart_version text COLLATE "C" NOT NULL,
    archive bytea,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, id, chart_version),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE TABLE workload_profiles (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    latest text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE TABLE workload_profile_versions (
    org_id text COLLATE "C" NOT NULL,
    profile_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    description text NOT NULL,
    deprecation_message text NOT NULL,
    spec_definition json,
    chart_id text COLLATE "C" NOT NULL,
    chart_version text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, profile_id, id),
    FOREIGN KEY (org_id, profile_id) REFERENCES workload_profiles (org_id, id) ON DELETE CASCADE
);
CREATE TABLE workload_templates (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    description text NOT NULL,
    parameters json,
    score text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);

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
