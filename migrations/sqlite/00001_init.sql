-- The records of Slipway. Times are Unix nanoseconds (0 = never set), documents
-- are JSON as it was given, and everything below an organization carries org_id
-- first in its key.

-- +goose Up
CREATE TABLE organizations (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE users (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    type TEXT NOT NULL,
    properties TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (id)
) STRICT;

CREATE TABLE tokens (
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    description TEXT NOT NULL,
    hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    expires_at INTEGER,
    last_used_at INTEGER,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);

CREATE TABLE role_bindings (
    org_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    object TEXT NOT NULL,
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, subject_id, object),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    FOREIGN KEY (subject_id) REFERENCES users (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX role_bindings_subject ON role_bindings (subject_id);
CREATE INDEX role_bindings_object ON role_bindings (org_id, object);

CREATE TABLE applications (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    status_changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE environment_types (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE environments (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type_id TEXT NOT NULL,
    from_deploy_id TEXT NOT NULL,
    last_deploy_id TEXT NOT NULL,
    queue_policy TEXT NOT NULL,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    status_changed_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, type_id) REFERENCES environment_types (org_id, id) ON DELETE RESTRICT
) STRICT;
CREATE INDEX environments_type ON environments (org_id, type_id);
CREATE INDEX environments_deleting ON environments (org_id, app_id, id)
    WHERE status = 'deleting';

CREATE TABLE deployment_sets (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX deployment_sets_newest ON deployment_sets (org_id, app_id, created_at DESC, id);

CREATE TABLE deltas (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    name TEXT NOT NULL,
    shared INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    contributors TEXT,
    content TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    last_modified_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX deltas_newest ON deltas (org_id, app_id, created_at DESC, id);

CREATE TABLE deployments (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    from_id TEXT NOT NULL,
    delta_id TEXT NOT NULL,
    set_id TEXT NOT NULL,
    set_given INTEGER NOT NULL,
    comment TEXT NOT NULL,
    mode TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    status TEXT NOT NULL,
    status_changed_at INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    phase TEXT NOT NULL,
    changed INTEGER NOT NULL,
    cancel_requested_at INTEGER,
    cancel_requested_by TEXT NOT NULL,
    enqueued_at INTEGER,
    started_at INTEGER,
    finished_at INTEGER,
    value_set_version_id TEXT NOT NULL,
    graph_id TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_revision TEXT NOT NULL,
    target_url TEXT NOT NULL,
    pipeline TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX deployments_id ON deployments (id);
CREATE INDEX deployments_newest ON deployments (org_id, app_id, env_id, id DESC);
CREATE INDEX deployments_unfinished ON deployments (org_id, app_id, env_id, id)
    WHERE status IN ('pending', 'in progress');
CREATE INDEX deployments_all_unfinished ON deployments (id)
    WHERE status IN ('pending', 'in progress');

CREATE TABLE deployment_errors (
    org_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    scope TEXT NOT NULL,
    code TEXT NOT NULL,
    error_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    summary TEXT NOT NULL,
    message TEXT NOT NULL,
    PRIMARY KEY (org_id, deployment_id, position),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE nodes (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    res_type TEXT NOT NULL,
    class TEXT NOT NULL,
    res_id TEXT NOT NULL,
    guresid TEXT NOT NULL,
    def_id TEXT NOT NULL,
    def_version_id TEXT NOT NULL,
    criteria_id TEXT NOT NULL,
    driver_type TEXT NOT NULL,
    driver_account TEXT NOT NULL,
    heavy INTEGER NOT NULL,
    depends_on TEXT,
    status TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    error TEXT,
    spec BLOB,
    outputs TEXT,
    sealed BLOB,
    started_at INTEGER,
    finished_at INTEGER,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, deployment_id, ordinal),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE events (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    node TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX events_deployment ON events (deployment_id, seq);
CREATE INDEX events_environment ON events (org_id, app_id, env_id);

CREATE TABLE log_lines (
    seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    org_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    node TEXT NOT NULL,
    at INTEGER NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX log_lines_deployment ON log_lines (deployment_id, seq);
CREATE INDEX log_lines_node ON log_lines (deployment_id, node, seq);

CREATE TABLE resource_types (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    use TEXT NOT NULL,
    inputs_schema TEXT,
    outputs_schema TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;

CREATE TABLE resource_classes (
    org_id TEXT NOT NULL,
    res_type TEXT NOT NULL,
    id TEXT NOT NULL,
    description TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, res_type, id)
) STRICT;

CREATE TABLE drivers (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    account_types TEXT,
    inputs_schema TEXT,
    target TEXT NOT NULL,
    template TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id)
) STRICT;

CREATE TABLE definitions (
    org_id TEXT NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    active_version_id TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    is_deleted INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE definition_versions (
    org_id TEXT NOT NULL,
    def_id TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    driver_type TEXT NOT NULL,
    driver_account TEXT NOT NULL,
    driver_inputs TEXT,
    provision TEXT,
    in_place_driver_change INTEGER NOT NULL,
    action TEXT NOT NULL,
    active INTEGER NOT NULL,
    proposed INTEGER NOT NULL,
    archived INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (org_id, def_id, id),
    FOREIGN KEY (org_id, def_id) REFERENCES definitions (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX definition_versions_newest ON definition_versions (org_id, def_id, created_at DESC, id);

-- distinct_only is true where no other definition of the type may have an equal
-- criterion: when its definition is neither a default nor deleted.
CREATE TABLE criteria (
    org_id TEXT NOT NULL,
    def_id TEXT NOT NULL,
    id TEXT NOT NULL,
    position INTEGER NOT NULL,
    res_type TEXT NOT NULL,
    class TEXT NOT NULL,
    env_type TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    res_id TEXT NOT NULL,
    distinct_only INTEGER NOT NULL,
    PRIMARY KEY (org_id, def_id, id),
    FOREIGN KEY (org_id, def_id) REFERENCES definitions (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX criteria_distinct ON criteria (org_id, res_type, class, env_type, app_id, env_id, res_id)
    WHERE distinct_only;

CREATE TABLE active_resources (
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
CREATE UNIQUE INDEX active_resources_guresid ON active_resources (guresid);
CREATE INDEX active_resources_definition ON active_resources (org_id, def_id);
CREATE INDEX active_resources_type ON active_resources (org_id, res_type);

CREATE TABLE graphs (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    hash TEXT NOT NULL,
    nodes TEXT,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX graphs_hash ON graphs (org_id, app_id, env_id, hash);

-- env_id is '' for values of the application.
CREATE TABLE shared_values (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    description TEXT NOT NULL,
    is_secret INTEGER NOT NULL,
    secret_store TEXT NOT NULL,
    secret_key TEXT NOT NULL,
    secret_version TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, key),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE value_set_versions (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    comment TEXT NOT NULL,
    change TEXT,
    result_of TEXT NOT NULL,
    source_id TEXT NOT NULL,
    entries TEXT,
    version INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX value_set_versions_newest ON value_set_versions (org_id, app_id, env_id, created_at DESC, id);

-- last_version outlives the versions: the number of an erased secret is never
-- given to another one.
CREATE TABLE secrets (
    org_id TEXT NOT NULL,
    ref TEXT NOT NULL,
    last_version INTEGER NOT NULL,
    PRIMARY KEY (org_id, ref),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE secret_versions (
    org_id TEXT NOT NULL,
    ref TEXT NOT NULL,
    version INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, ref, version),
    FOREIGN KEY (org_id, ref) REFERENCES secrets (org_id, ref) ON DELETE CASCADE
) STRICT;

CREATE TABLE manifests (
    org_id TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    objects INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, deployment_id),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE inventory (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    target TEXT NOT NULL,
    api_version TEXT NOT NULL,
    kind TEXT NOT NULL,
    namespace TEXT NOT NULL,
    name TEXT NOT NULL,
    deployment_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, target, api_version, kind, namespace, name),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;

-- +goose Down
DROP TABLE inventory;
DROP TABLE manifests;
DROP TABLE secret_versions;
DROP TABLE secrets;
DROP TABLE value_set_versions;
DROP TABLE shared_values;
DROP TABLE graphs;
DROP TABLE active_resources;
DROP TABLE criteria;
DROP TABLE definition_versions;
DROP TABLE definitions;
DROP TABLE drivers;
DROP TABLE resource_classes;
DROP TABLE resource_types;
DROP TABLE log_lines;
DROP TABLE events;
DROP TABLE nodes;
DROP TABLE deployment_errors;
DROP TABLE deployments;
DROP TABLE deltas;
DROP TABLE deployment_sets;
DROP TABLE environments;
DROP TABLE environment_types;
DROP TABLE applications;
DROP TABLE role_bindings;
DROP TABLE tokens;
DROP TABLE users;
DROP TABLE organizations;
