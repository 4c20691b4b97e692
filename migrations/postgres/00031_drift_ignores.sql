-- What scans for drift do not look at, for all environments of an organization and of an application.

-- +goose Up
CREATE TABLE organization_drift_ignores (
    org_id text COLLATE "C" NOT NULL,
    ignored json,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE TABLE application_drift_ignores (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    ignored json,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);

-- +goose Down
DROP TABLE application_drift_ignores;
DROP TABLE organization_drift_ignores;
