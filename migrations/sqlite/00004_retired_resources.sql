-- Several resources may share one place (type, class and id in an environment):
-- the one in use, and those that it has replaced or that are to replace it. So
-- the GUResID becomes the key, and only one of a place is not retired.

-- +goose Up
CREATE TABLE active_resources_next (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    res_type TEXT NOT NULL,
    class TEXT NOT NULL,
    res_id TEXT NOT NULL,
    env_type TEXT NOT NULL,
    guresid TEXT NOT NULL,
    def_id TEXT NOT NULL,
    def_version_id TEXT NOT NULL,
    target_def_version_id TEXT NOT NULL,
    criteria_id TEXT NOT NULL,
    driver_type TEXT NOT NULL,
    driver_account TEXT NOT NULL,
    outputs TEXT,
    secret_refs TEXT,
    sealed BLOB,
    depends_on TEXT,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    attempted INTEGER NOT NULL,
    deploy_id TEXT NOT NULL,
    scheduled_deletion INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    deletions INTEGER NOT NULL,
    deletion_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, guresid),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO active_resources_next SELECT org_id, app_id, env_id, res_type, class, res_id, env_type, guresid, def_id,
    def_version_id, target_def_version_id, criteria_id, driver_type, driver_account, outputs, secret_refs, sealed,
    depends_on, status, status_message, attempted, deploy_id, scheduled_deletion, created_at, updated_at, version,
    0, scheduled_deletion, CASE WHEN scheduled_deletion THEN updated_at ELSE 0 END
    FROM active_resources;
DROP TABLE active_resources;
ALTER TABLE active_resources_next RENAME TO active_resources;
CREATE UNIQUE INDEX active_resources_place ON active_resources (org_id, app_id, env_id, res_type, class, res_id)
    WHERE NOT retired;
CREATE UNIQUE INDEX active_resources_guresid ON active_resources (guresid);
CREATE INDEX active_resources_definition ON active_resources (org_id, def_id);
CREATE INDEX active_resources_type ON active_resources (org_id, res_type);
CREATE INDEX active_resources_deleting ON active_resources (org_id, app_id, env_id, guresid)
    WHERE status = 'deleting';

-- +goose Down
CREATE TABLE active_resources_former (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    res_type TEXT NOT NULL,
    class TEXT NOT NULL,
    res_id TEXT NOT NULL,
    env_type TEXT NOT NULL,
    guresid TEXT NOT NULL,
    def_id TEXT NOT NULL,
    def_version_id TEXT NOT NULL,
    target_def_version_id TEXT NOT NULL,
    criteria_id TEXT NOT NULL,
    driver_type TEXT NOT NULL,
    driver_account TEXT NOT NULL,
    outputs TEXT,
    secret_refs TEXT,
    sealed BLOB,
    depends_on TEXT,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    attempted INTEGER NOT NULL,
    deploy_id TEXT NOT NULL,
    scheduled_deletion INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, res_type, class, res_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO active_resources_former SELECT org_id, app_id, env_id, res_type, class, res_id, env_type, guresid, def_id,
    def_version_id, target_def_version_id, criteria_id, driver_type, driver_account, outputs, secret_refs, sealed,
    depends_on, status, status_message, attempted, deploy_id, scheduled_deletion, created_at, updated_at, version
    FROM active_resources WHERE NOT retired;
DROP TABLE active_resources;
ALTER TABLE active_resources_former RENAME TO active_resources;
CREATE UNIQUE INDEX active_resources_guresid ON active_resources (guresid);
CREATE INDEX active_resources_definition ON active_resources (org_id, def_id);
CREATE INDEX active_resources_type ON active_resources (org_id, res_type);
