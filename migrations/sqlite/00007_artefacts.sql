-- Artefacts and their versions, automation rules with the pushes that they let through, and webhooks with what is
-- delivered to them.

-- +goose Up
CREATE TABLE artefacts (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX artefacts_name ON artefacts (org_id, name, type);

CREATE TABLE artefact_versions (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    artefact_id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    tag TEXT NOT NULL,
    digest TEXT NOT NULL,
    ref TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    archived INTEGER NOT NULL,
    image_id TEXT NOT NULL,
    branch TEXT NOT NULL,
    tags TEXT,
    source TEXT,
    content TEXT,
    fingerprint TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, artefact_id) REFERENCES artefacts (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX artefact_versions_same ON artefact_versions (org_id, artefact_id, fingerprint);
CREATE INDEX artefact_versions_newest ON artefact_versions (org_id, artefact_id, created_at DESC, id);
CREATE INDEX artefact_versions_image ON artefact_versions (org_id, image_id);

CREATE TABLE automation_rules (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    active INTEGER NOT NULL,
    type TEXT NOT NULL,
    match_ref TEXT NOT NULL,
    artefacts_filter TEXT,
    exclude_artefacts INTEGER NOT NULL,
    update_to TEXT NOT NULL,
    match_name TEXT NOT NULL,
    images_filter TEXT,
    exclude_images INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE pushes (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    artefact_version_id TEXT NOT NULL,
    artefact_name TEXT NOT NULL,
    image TEXT NOT NULL,
    ref TEXT NOT NULL,
    commit_id TEXT NOT NULL,
    rule_id TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    handled_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX pushes_newest ON pushes (org_id, app_id, env_id, created_at DESC, id);
CREATE INDEX pushes_pending ON pushes (created_at, id)
    WHERE status = 'pending';

CREATE TABLE webhooks (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    url TEXT NOT NULL,
    triggers TEXT,
    payload TEXT,
    disabled INTEGER NOT NULL,
    signed INTEGER NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX webhooks_app ON webhooks (org_id, app_id, id);

CREATE TABLE webhook_deliveries (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    webhook_id TEXT NOT NULL,
    event TEXT NOT NULL,
    env_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    variables TEXT,
    status TEXT NOT NULL,
    send_order INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    response_code INTEGER NOT NULL,
    error TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempted_at INTEGER,
    finished_at INTEGER,
    handed_over_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, webhook_id) REFERENCES webhooks (org_id, id) ON DELETE CASCADE
) STRICT;
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
