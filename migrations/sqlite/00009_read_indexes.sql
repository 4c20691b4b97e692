-- Indexes for reads that would otherwise look at everything of an organization:
-- the audit log of one object or user, and artefact versions of one name, or
-- the newest of all.

-- +goose Up
CREATE INDEX audit_entries_object ON audit_entries (org_id, object, seq DESC);
CREATE INDEX audit_entries_user ON audit_entries (org_id, user_id, seq DESC);
CREATE INDEX artefact_versions_name ON artefact_versions (org_id, name, created_at DESC, id);
CREATE INDEX artefact_versions_all ON artefact_versions (org_id, created_at DESC, id);

-- +goose Down
DROP INDEX artefact_versions_all;
DROP INDEX artefact_versions_name;
DROP INDEX audit_entries_user;
DROP INDEX audit_entries_object;
