-- What scans for drift do not look at, for all environments of an organization and of an application.

-- +goose Up
CREATE TABLE organization_drift_ignores (
    org_id TEXT NOT NULL,
    ignored TEXT,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE TABLE application_drift_ignores (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    ignored TEXT,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE application_drift_ignores;
DROP TABLE organization_drift_ignores;
