-- Artefacts and their versions, automation rules with the pushes that they let through, and webhooks with what is
-- delivered to them.

-- +goose Up
CREATE TABLE artefacts (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    type text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX artefacts_name ON artefacts (org_id, name, type);

CREATE TABLE artefact_versions (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    artefact_id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    type text NOT NULL,
    tag text NOT NULL,
    digest text NOT NULL,
    ref text NOT NULL,
    commit_id text NOT NULL,
    archived boolean NOT NULL,
    image_id text COLLATE "C" NOT NULL,
    branch text NOT NULL,
    tags json,
    source json,
    content json,
    fingerprint text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, artefact_id) REFERENCES artefacts (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX artefact_versions_same ON artefact_versions (org_id, artefact_id, fingerprint);
CREATE INDEX artefact_versions_newest ON artefact_versions (org_id, artefact_id, created_at DESC, id);
CREATE INDEX artefact_versions_image ON artefact_versions (org_id, image_id);

CREATE TABLE automation_rules (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    active boolean NOT NULL,
    type text NOT NULL,
    match_ref text NOT NULL,
    artefacts_filter json,
    exclude_artefacts boolean NOT NULL,
    update_to text NOT NULL,
    match_name text NOT NULL,
    images_filter json,
    exclude_images boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);

CREATE TABLE pushes (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    artefact_version_id text COLLATE "C" NOT NULL,
    artefact_name text NOT NULL,
    image text NOT NULL,
    ref text NOT NULL,
    commit_id text NOT NULL,
    rule_id text NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    deployment_id text NOT NULL,
    created_at bigint NOT NULL,
    handled_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX pushes_newest ON pushes (org_id, app_id, env_id, created_at DESC, id);
CREATE INDEX pushes_pending ON pushes (created_at, id)
    WHERE status = 'pending';

CREATE TABLE webhooks (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    url text NOT NULL,
    triggers json,
    payload json,
    disabled boolean NOT NULL,
    signed boolean NOT NULL,
    sealed bytea,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX webhooks_app ON webhooks (org_id, app_id, id);

CREATE TABLE webhook_deliveries (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    webhook_id text COLLATE "C" NOT NULL,
    event text NOT NULL,
    env_id text NOT NULL,
    deployment_id text NOT NULL,
    variables json,
    status text NOT NULL,
    send_order bigint NOT NULL,
    attempts bigint NOT NULL,
    response_code bigint NOT NULL,
    error text NOT NULL,
    created_at bigint NOT NULL,
    attempted_at bigint,
    finished_at bigint,
    handed_over_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, webhook_id) REFERENCES webhooks (org_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_deliveries_newest ON webhook_deliveries (org_id, webhook_id, created_at DESC, id);
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (org_id, app_id, created_at, id)
    WHERE status = 'pending';

-- +goose Down
DROP TABLE webhook_deliveries;
DROP TABLE webhooks;
DROP TABLE pushes;
DROP TABLE automation_rules;
DROP TABLE artefact_versions;
DROP TABLE artefacts;
