-- Fills an organization, acme, that has its environment types and its
-- administrator. Words in braces are numbers: apps; per application: envs,
-- deltas and sets (as many each), values; per environment: deploys; of the
-- organization: users, definitions, artefacts with versions of each.
-- Everything of a kind was created a second after the one before.

INSERT INTO applications (org_id, id, name, status, status_message, status_changed_at, created_at, created_by, version)
SELECT 'acme', 'app-' || a, 'Application ' || a, 'active', '', 0, 1700000000000000000 + a * 1000000000::bigint, 'ada', 1
FROM generate_series(0, {apps} - 1) a;

INSERT INTO environments (org_id, app_id, id, name, type_id, from_deploy_id, last_deploy_id, queue_policy, status, status_message,
    status_changed_at, created_at, created_by, version)
SELECT 'acme', 'app-' || a, 'env-' || e, 'Environment ' || e, CASE e % 10 WHEN 0 THEN 'production' ELSE 'development' END,
    lpad(to_hex((({deploys} - 2) * {apps} + a) * {envs} + e), 16, '0'), lpad(to_hex((({deploys} - 1) * {apps} + a) * {envs} + e), 16, '0'),
    'queue', 'active', '', 0, 1700000000000000000 + (a * {envs} + e) * 1000000000::bigint, 'ada', 1
FROM generate_series(0, {apps} - 1) a, generate_series(0, {envs} - 1) e;

INSERT INTO deployments (org_id, app_id, env_id, id, from_id, delta_id, set_id, set_given, comment, mode, created_at, created_by, status,
    status_changed_at, outcome, phase, changed, cancel_requested_by, enqueued_at, started_at, finished_at, value_set_version_id, graph_id,
    target_kind, target_revision, target_url, version)
SELECT 'acme', 'app-' || a, 'env-' || e, lpad(to_hex((d * {apps} + a) * {envs} + e), 16, '0'), '', 'delta-' || (e % {deltas}),
    'set-' || (e % {deltas}), false, 'Release ' || d, 'deploy', t, 'ada', 'succeeded', t + 9000000000, 'succeeded', 'done', true, '',
    t, t, t + 9000000000, '', '', 'git', md5(t::text), 'https://git.example/acme/state.git', 1
FROM generate_series(0, {deploys} - 1) d, generate_series(0, {apps} - 1) a, generate_series(0, {envs} - 1) e,
    LATERAL (SELECT 1700000000000000000 + ((d * {apps} + a) * {envs} + e) * 1000000000::bigint) at(t);

INSERT INTO nodes (org_id, app_id, env_id, deployment_id, ordinal, res_type, class, res_id, guresid, def_id, def_version_id, criteria_id,
    driver_type, driver_account, heavy, depends_on, status, attempt, outputs, started_at, finished_at, version)
SELECT d.org_id, d.app_id, d.env_id, d.id, n, 'postgres', 'default', 'modules.api.externals.db-' || n, d.id || '-' || n, 'def-0', 'v2', 'c-0',
    'humanitec/echo', '', false, '[]', 'succeeded', 1, '{"host":"db.example","port":5432}', d.created_at, d.created_at + 1000000, 1
FROM deployments d, generate_series(0, 4) n
WHERE d.id IN (SELECT last_deploy_id FROM environments);

INSERT INTO events (org_id, app_id, env_id, deployment_id, at, type, node, status, message)
SELECT org_id, app_id, env_id, id, created_at + n, 'deployment.status', '', CASE n WHEN 0 THEN 'in progress' ELSE 'succeeded' END, ''
FROM deployments, generate_series(0, 1) n;

INSERT INTO active_resources (org_id, app_id, env_id, res_type, class, res_id, env_type, guresid, def_id, def_version_id,
    target_def_version_id, criteria_id, driver_type, driver_account, outputs, depends_on, status, status_message, attempted, deploy_id,
    scheduled_deletion, created_at, updated_at, version, retired, deletions, deletion_at)
SELECT org_id, app_id, id, 'postgres', 'default', 'modules.api.externals.db-' || n, type_id, md5(app_id || id || n), 'def-' || (n % {definitions}),
    'v2', '', 'c-0', 'humanitec/echo', '', '{"host":"db.example","port":5432}', '[]', 'active', '', true, last_deploy_id, false,
    created_at, created_at, 1, false, 0, 0
FROM environments, generate_series(0, 4) n;

INSERT INTO shared_values (org_id, app_id, env_id, key, value, description, is_secret, secret_store, secret_key, secret_version, created_at, updated_at)
SELECT org_id, id, '', 'KEY_' || v, 'value ' || v, 'What it is for', false, '', '', '', created_at, created_at
FROM applications, generate_series(1, {values}) v;
INSERT INTO shared_values (org_id, app_id, env_id, key, value, description, is_secret, secret_store, secret_key, secret_version, created_at, updated_at)
SELECT org_id, app_id, id, 'KEY_' || v, 'override ' || v, 'What it is for', false, '', '', '', created_at, created_at
FROM environments, generate_series(1, 3) v;

INSERT INTO deltas (org_id, app_id, id, env_id, name, shared, archived, contributors, content, created_at, created_by, last_modified_at, version)
SELECT org_id, id, 'delta-' || n, 'env-' || (n % {envs}), 'Delta ' || n, true, false, '["ada"]',
    ('{"modules":{"add":{},"remove":[],"update":{"api":[{"op":"replace","path":"/spec/containers/api/image","value":"registry.example/api:'
    || n || '"}]}},"shared":[]}')::json, created_at + n, 'ada', created_at + n, 1
FROM applications, generate_series(0, {deltas} - 1) n;

INSERT INTO deployment_sets (org_id, app_id, id, content, created_at)
SELECT org_id, id, 'set-' || n, ('{"modules":{"api":{"profile":"humanitec/default-module","externals":{"db":{"type":"postgres"}},'
    || '"spec":{"containers":{"api":{"id":"api","image":"registry.example/api:' || n || '","variables":{"LOG":"info","PORT":"8080"}}}}},'
    || '"web":{"profile":"humanitec/default-module","externals":{},"spec":{"containers":{"web":{"id":"web","image":"registry.example/web:' || n
    || '"}}}}},"shared":{}}')::json, created_at + n
FROM applications, generate_series(0, {deltas} - 1) n;
INSERT INTO definitions (org_id, id, type, active_version_id, is_default, is_deleted, created_at, created_by, updated_at, updated_by, version)
SELECT 'acme', 'def-' || n, 'postgres', 'v2-' || n, false, false, 1700000000000000000 + n, 'ada', 1700000000000000000 + n, 'ada', 1
FROM generate_series(0, {definitions} - 1) n;
INSERT INTO definition_versions (org_id, def_id, id, name, type, driver_type, driver_account, driver_inputs, provision, in_place_driver_change,
    action, active, proposed, archived, created_at, created_by)
SELECT d.org_id, d.id, 'v' || v || substr(d.id, 4), d.id, 'postgres', 'humanitec/echo', '', '{"values":{"host":"db.example","port":5432},"secret_refs":{}}', '{}',
    false, '', v = 2, false, false, d.created_at + v, 'ada'
FROM definitions d, generate_series(0, 2) v
WHERE d.org_id = 'acme' AND d.id LIKE 'def-%';
INSERT INTO criteria (org_id, def_id, id, position, res_type, class, env_type, app_id, env_id, res_id, distinct_only)
SELECT org_id, id, 'c-0', 0, 'postgres', '', '', id, '', '', true
FROM definitions WHERE org_id = 'acme' AND id LIKE 'def-%';

INSERT INTO users (id, name, email, type, created_at, version)
SELECT 'user-' || n, 'User ' || n, 'user-' || n || '@acme.test', 'user', 1700000000000000000 + n, 1
FROM generate_series(0, {users} - 1) n;
INSERT INTO role_bindings (org_id, subject_id, object, role, created_at)
SELECT 'acme', 'user-' || n, '/orgs/acme', 'member', 1700000000000000000 + n
FROM generate_series(0, {users} - 1) n;
INSERT INTO role_bindings (org_id, subject_id, object, role, created_at)
SELECT 'acme', 'user-' || n, '/orgs/acme/apps/app-' || ((n + a) % {apps}), 'developer', 1700000000000000000 + n
FROM generate_series(0, {users} - 1) n, generate_series(0, least(3, {apps}) - 1) a;

INSERT INTO artefacts (org_id, id, name, type, created_at, created_by, updated_at, updated_by)
SELECT 'acme', 'artefact-' || n, 'registry.example/image-' || n, 'container', 1700000000000000000 + n, 'ci', 1700000000000000000 + n, 'ci'
FROM generate_series(0, {artefacts} - 1) n;
INSERT INTO artefact_versions (org_id, id, artefact_id, name, type, tag, digest, ref, commit_id, archived, image_id, branch, fingerprint, created_at,
    created_by, updated_at, updated_by, version)
SELECT org_id, id || '-' || v, id, name, 'container', 'v' || v, 'sha256:' || md5(id || v) || md5(v || id), 'refs/heads/main', md5(id || v), false,
    name, '', md5(id || v), created_at + v * 1000000000::bigint, 'ci', created_at, 'ci', 1
FROM artefacts, generate_series(0, {versions} - 1) v;

INSERT INTO audit_entries (org_id, at, user_id, action, object_type, object, method, path, status, ip, user_agent, request_id, state_after)
SELECT org_id, created_at, 'ada', 'deploy', 'deployment', '/orgs/acme/apps/' || app_id || '/envs/' || env_id || '/deploys/' || id, 'POST',
    '/orgs/acme/apps/' || app_id || '/envs/' || env_id || '/deploys', 201, '192.0.2.7', 'slipway/1.0', md5(id), json_build_object('id', id, 'comment', comment)
FROM deployments ORDER BY id;

-- What needs attention: of 20 environments one has failed, one has drifted, and one ends within a day.
UPDATE deployments SET status = 'failed', outcome = 'failed' WHERE id IN (SELECT last_deploy_id FROM environments WHERE abs(hashtext(app_id || id)) % 20 = 0);
INSERT INTO drift_scans (org_id, app_id, env_id, id, cause, status, message, base_id, redeploy_id, checked, drifted, content, created_at, created_by, finished_at, version)
SELECT org_id, app_id, id, 'scan-' || n, 'schedule', CASE WHEN n = 4 AND abs(hashtext(app_id || id)) % 20 = 1 THEN 'drifted' ELSE 'clean' END, '', last_deploy_id, '', 12, 1,
    '{}', created_at + n, 'UNKNOWN', created_at + n + 1, 1
FROM environments, generate_series(0, 4) n;
INSERT INTO environment_lifetimes (org_id, app_id, env_id, expires_at, warn_before, idle_after, idle_since, protected, updated_at, updated_by, version)
SELECT org_id, app_id, id, (extract(epoch FROM now())::bigint + CASE WHEN abs(hashtext(app_id || id)) % 20 = 2 THEN 3600 ELSE 30 * 86400 END) * 1000000000, 0, 0, 0, false, created_at, 'ada', 1
FROM environments;

UPDATE environment_lifetimes SET next_at = expires_at;

ANALYZE;
