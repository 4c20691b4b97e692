-- The records of Slipway. Times are Unix nanoseconds (0 = never set), documents
-- are JSON as it was given, and everything below an organization carries org_id
-- first in its key.

-- +goose Up
CREATE TABLE organizations (
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE users (
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    type text NOT NULL,
    properties json,
    created_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (id)
);

CREATE TABLE tokens (
    user_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    description text NOT NULL,
    hash text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    PRIMARY KEY (user_id, id),
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX tokens_hash ON tokens (hash);

CREATE TABLE role_bindings (
    org_id text COLLATE "C" NOT NULL,
    subject_id text COLLATE "C" NOT NULL,
    object text COLLATE "C" NOT NULL,
    role text NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (org_id, subject_id, object),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE,
    FOREIGN KEY (subject_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX role_bindings_subject ON role_bindings (subject_id);
CREATE INDEX role_bindings_object ON role_bindings (org_id, object);

CREATE TABLE applications (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    status text NOT NULL,
    status_message text NOT NULL,
    status_changed_at bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE environment_types (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE environments (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    type_id text COLLATE "C" NOT NULL,
    from_deploy_id text NOT NULL,
    last_deploy_id text NOT NULL,
    queue_policy text NOT NULL,
    status text NOT NULL,
    status_message text NOT NULL,
    status_changed_at bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE,
    FOREIGN KEY (org_id, type_id) REFERENCES environment_types (org_id, id) ON DELETE RESTRICT
);
CREATE INDEX environments_type ON environments (org_id, type_id);
CREATE INDEX environments_deleting ON environments (org_id, app_id, id)
    WHERE status = 'deleting';

CREATE TABLE deployment_sets (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    content json NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX deployment_sets_newest ON deployment_sets (org_id, app_id, created_at DESC, id);

CREATE TABLE deltas (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    shared boolean NOT NULL,
    archived boolean NOT NULL,
    contributors json,
    content json NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    last_modified_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX deltas_newest ON deltas (org_id, app_id, created_at DESC, id);

CREATE TABLE deployments (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    from_id text NOT NULL,
    delta_id text NOT NULL,
    set_id text NOT NULL,
    set_given boolean NOT NULL,
    comment text NOT NULL,
    mode text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    status text NOT NULL,
    status_changed_at bigint NOT NULL,
    outcome text NOT NULL,
    phase text NOT NULL,
    changed boolean NOT NULL,
    cancel_requested_at bigint,
    cancel_requested_by text NOT NULL,
    enqueued_at bigint,
    started_at bigint,
    finished_at bigint,
    value_set_version_id text NOT NULL,
    graph_id text NOT NULL,
    target_kind text NOT NULL,
    target_revision text NOT NULL,
    target_url text NOT NULL,
    pipeline json,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX deployments_id ON deployments (id);
CREATE INDEX deployments_newest ON deployments (org_id, app_id, env_id, id DESC);
CREATE INDEX deployments_unfinished ON deployments (org_id, app_id, env_id, id)
    WHERE status IN ('pending', 'in progress');
CREATE INDEX deployments_all_unfinished ON deployments (id)
    WHERE status IN ('pending', 'in progress');

CREATE TABLE deployment_errors (
    org_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    scope text NOT NULL,
    code text NOT NULL,
    error_type text NOT NULL,
    object_id text NOT NULL,
    summary text NOT NULL,
    message text NOT NULL,
    PRIMARY KEY (org_id, deployment_id, position),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
);

CREATE TABLE nodes (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    ordinal bigint NOT NULL,
    res_type text NOT NULL,
    class text NOT NULL,
    res_id text NOT NULL,
    guresid text NOT NULL,
    def_id text NOT NULL,
    def_version_id text NOT NULL,
    criteria_id text NOT NULL,
    driver_type text NOT NULL,
    driver_account text NOT NULL,
    heavy boolean NOT NULL,
    depends_on json,
    status text NOT NULL,
    attempt bigint NOT NULL,
    error json,
    spec bytea,
    outputs json,
    sealed bytea,
    started_at bigint,
    finished_at bigint,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, deployment_id, ordinal),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
);

CREATE TABLE events (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    type text NOT NULL,
    node text NOT NULL,
    status text NOT NULL,
    message text NOT NULL,
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE INDEX events_deployment ON events (deployment_id, seq);
CREATE INDEX events_environment ON events (org_id, app_id, env_id);

CREATE TABLE log_lines (
    seq bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    org_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    node text COLLATE "C" NOT NULL,
    at bigint NOT NULL,
    level text NOT NULL,
    text text NOT NULL,
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);
CREATE INDEX log_lines_deployment ON log_lines (deployment_id, seq);
CREATE INDEX log_lines_node ON log_lines (deployment_id, node, seq);

CREATE TABLE resource_types (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    category text NOT NULL,
    use text NOT NULL,
    inputs_schema json,
    outputs_schema json,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);

CREATE TABLE resource_classes (
    org_id text COLLATE "C" NOT NULL,
    res_type text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    description text NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, res_type, id)
);

CREATE TABLE drivers (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    account_types json,
    inputs_schema json,
    target text NOT NULL,
    template json,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id)
);

CREATE TABLE definitions (
    org_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    type text NOT NULL,
    active_version_id text COLLATE "C" NOT NULL,
    is_default boolean NOT NULL,
    is_deleted boolean NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    updated_at bigint NOT NULL,
    updated_by text NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, id),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE definition_versions (
    org_id text COLLATE "C" NOT NULL,
    def_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    name text NOT NULL,
    type text NOT NULL,
    driver_type text NOT NULL,
    driver_account text NOT NULL,
    driver_inputs json,
    provision json,
    in_place_driver_change boolean NOT NULL,
    action text NOT NULL,
    active boolean NOT NULL,
    proposed boolean NOT NULL,
    archived boolean NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (org_id, def_id, id),
    FOREIGN KEY (org_id, def_id) REFERENCES definitions (org_id, id) ON DELETE CASCADE
);
CREATE INDEX definition_versions_newest ON definition_versions (org_id, def_id, created_at DESC, id);

-- distinct_only is true where no other definition of the type may have an equal
-- criterion: when its definition is neither a default nor deleted.
CREATE TABLE criteria (
    org_id text COLLATE "C" NOT NULL,
    def_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    res_type text COLLATE "C" NOT NULL,
    class text COLLATE "C" NOT NULL,
    env_type text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    res_id text COLLATE "C" NOT NULL,
    distinct_only boolean NOT NULL,
    PRIMARY KEY (org_id, def_id, id),
    FOREIGN KEY (org_id, def_id) REFERENCES definitions (org_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX criteria_distinct ON criteria (org_id, res_type, class, env_type, app_id, env_id, res_id)
    WHERE distinct_only;

CREATE TABLE active_resources (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    res_type text COLLATE "C" NOT NULL,
    class text COLLATE "C" NOT NULL,
    res_id text COLLATE "C" NOT NULL,
    env_type text NOT NULL,
    guresid text COLLATE "C" NOT NULL,
    def_id text COLLATE "C" NOT NULL,
    def_version_id text NOT NULL,
    target_def_version_id text NOT NULL,
    criteria_id text NOT NULL,
    driver_type text NOT NULL,
    driver_account text NOT NULL,
    outputs json,
    secret_refs json,
    sealed bytea,
    depends_on json,
    status text NOT NULL,
    status_message text NOT NULL,
    attempted boolean NOT NULL,
    deploy_id text NOT NULL,
    scheduled_deletion boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, res_type, class, res_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX active_resources_guresid ON active_resources (guresid);
CREATE INDEX active_resources_definition ON active_resources (org_id, def_id);
CREATE INDEX active_resources_type ON active_resources (org_id, res_type);

CREATE TABLE graphs (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    hash text COLLATE "C" NOT NULL,
    nodes json,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX graphs_hash ON graphs (org_id, app_id, env_id, hash);

-- env_id is '' for values of the application.
CREATE TABLE shared_values (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    value text NOT NULL,
    description text NOT NULL,
    is_secret boolean NOT NULL,
    secret_store text NOT NULL,
    secret_key text NOT NULL,
    secret_version text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, key),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);

CREATE TABLE value_set_versions (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    created_by text NOT NULL,
    comment text NOT NULL,
    change json,
    result_of text NOT NULL,
    source_id text NOT NULL,
    entries json,
    version bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, id),
    FOREIGN KEY (org_id, app_id) REFERENCES applications (org_id, id) ON DELETE CASCADE
);
CREATE INDEX value_set_versions_newest ON value_set_versions (org_id, app_id, env_id, created_at DESC, id);

-- last_version outlives the versions: the number of an erased secret is never
-- given to another one.
CREATE TABLE secrets (
    org_id text COLLATE "C" NOT NULL,
    ref text COLLATE "C" NOT NULL,
    last_version bigint NOT NULL,
    PRIMARY KEY (org_id, ref),
    FOREIGN KEY (org_id) REFERENCES organizations (id) ON DELETE CASCADE
);

CREATE TABLE secret_versions (
    org_id text COLLATE "C" NOT NULL,
    ref text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    sealed bytea NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (org_id, ref, version),
    FOREIGN KEY (org_id, ref) REFERENCES secrets (org_id, ref) ON DELETE CASCADE
);

CREATE TABLE manifests (
    org_id text COLLATE "C" NOT NULL,
    deployment_id text COLLATE "C" NOT NULL,
    sealed bytea NOT NULL,
    objects bigint NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (org_id, deployment_id),
    FOREIGN KEY (org_id, deployment_id) REFERENCES deployments (org_id, id) ON DELETE CASCADE
);

CREATE TABLE inventory (
    org_id text COLLATE "C" NOT NULL,
    app_id text COLLATE "C" NOT NULL,
    env_id text COLLATE "C" NOT NULL,
    target text COLLATE "C" NOT NULL,
    api_version text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    deployment_id text NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, target, api_version, kind, namespace, name),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
);

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
